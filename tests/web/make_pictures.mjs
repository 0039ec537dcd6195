// Makes the README's pictures of the page from the demo itself:
//   node make_pictures.mjs [DIRECTORY]
// dashboard.png, the page of one breaker, and dashboard.webp, which moves: a
// service is killed by its button, its breaker opens, the service is started
// again, and the breaker probes it and closes. DIRECTORY is demo/ by default.
// Needs img2webp and pngquant.

import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { closeBrowser, openContext } from './support/browser.mjs';
import { Demo } from './support/programs.mjs';
import { breaker, card, control, openBreaker } from './support/views.mjs';

const TOOLS = ['database', 'payments', 'search', 'llm'];
const STILL = { viewport: { width: 1000, height: 960 }, deviceScaleFactor: 2 };
const MOVING = { viewport: { width: 960, height: 780 }, deviceScaleFactor: 1 };
const FRAME_MS = 120; // at least, between two frames
const HOLD_MS = 2500; // the last one
const WARM_UP_MS = 40_000; // so that the charts have something to show

function run(program, ...args) {
  const { status, error, stderr } = spawnSync(program, args, { encoding: 'utf8' });
  if (status !== 0) throw new Error(`${program}: ${error?.message ?? stderr}`);
}

async function openPage(demo, options) {
  const context = await openContext({ colorScheme: 'light', ...options });
  const page = await context.newPage();
  await page.goto(demo.url);
  await card(page, TOOLS.at(-1), 'closed').waitFor();
  return page;
}

/** A pointer that can be seen: browsers paint none into their pictures. */
async function showPointer(page) {
  await page.evaluate(() => {
    const name = 'http://www.w3.org/2000/svg';
    const pointer = document.createElementNS(name, 'svg');
    const arrow = document.createElementNS(name, 'path');
    arrow.setAttribute('d', 'M2 2V19L6.5 15L9.5 22L12.5 20.7L9.6 14H15.5Z');
    arrow.setAttribute('fill', '#111');
    arrow.setAttribute('stroke', '#fff');
    arrow.setAttribute('stroke-width', '1.5');
    pointer.append(arrow);
    Object.assign(pointer.style, { position: 'fixed', left: 0, top: 0, width: '24px', height: '28px', zIndex: 999, pointerEvents: 'none' });
    document.body.append(pointer);
    addEventListener('mousemove', ({ clientX, clientY }) => {
      pointer.style.transform = `translate(${clientX - 2}px, ${clientY - 2}px)`;
    });
  });
}

let at = { x: 620, y: 190 };

/** Moves there as a hand does: not at once. */
async function moveTo(page, x, y) {
  const from = at;
  for (let step = 1; step <= 12; step++) {
    const share = (1 - Math.cos(Math.PI * step / 12)) / 2;
    await page.mouse.move(from.x + (x - from.x) * share, from.y + (y - from.y) * share);
    await pause(40);
  }
  at = { x, y };
}

async function press(page, id) {
  const { x, y, width, height } = await control(page, id).boundingBox();
  await moveTo(page, x + width / 2, y + height / 2);
  await pause(250);
  await page.mouse.down();
  await page.mouse.up();
}

/** What the page shows while `play` runs: [{ at (ms), image }]. */
async function film(page, play) {
  const frames = [];
  const session = await page.context().newCDPSession(page);
  session.on('Page.screencastFrame', ({ data, metadata, sessionId }) => {
    frames.push({ at: metadata.timestamp * 1000, image: Buffer.from(data, 'base64') });
    session.send('Page.screencastFrameAck', { sessionId }).catch(() => {});
  });
  await session.send('Page.startScreencast', { format: 'png', everyNthFrame: 1 });
  await play();
  await session.send('Page.stopScreencast');
  return frames.filter((frame, i) => i === 0 || i === frames.length - 1 || keeps(frames, i));
}

// Of all frames within FRAME_MS the last one.
function keeps(frames, i) {
  return Math.floor(frames[i].at / FRAME_MS) !== Math.floor(frames[i + 1].at / FRAME_MS);
}

async function makeMoving(demo, path) {
  const page = await openPage(demo, MOVING);
  await showPointer(page);
  await page.mouse.move(at.x, at.y);
  await pause(WARM_UP_MS);
  const frames = await film(page, async () => {
    await pause(800);
    await press(page, 'payments.kill');
    await card(page, 'payments', 'open').waitFor();
    await pause(700);
    await moveTo(page, 700, 330); // out of the way
    await pause(2000);
    await press(page, 'payments.healthy');
    await moveTo(page, 700, 330);
    await card(page, 'payments', 'closed').waitFor();
    await pause(2500);
  });
  const directory = mkdtempSync(join(tmpdir(), 'dashboard-'));
  const args = frames.flatMap(({ at: shown, image }, i) => {
    const file = join(directory, `${i}.png`);
    writeFileSync(file, image);
    const until = frames[i + 1]?.at ?? shown + HOLD_MS;
    return ['-d', String(Math.max(10, Math.round(until - shown))), '-lossy', '-q', '82', '-m', '6', file];
  });
  run('img2webp', '-loop', '0', '-min_size', '-kmin', '0', ...args, '-o', path);
  rmSync(directory, { recursive: true });
  console.log(`${frames.length} frames, ${((frames.at(-1).at - frames[0].at) / 1000).toFixed(1)} s`);
  await page.context().close();
}

async function makeStill(demo, path) {
  const page = await openPage(demo, STILL);
  await openBreaker(page, 'payments');
  await control(page, 'payments.errors').click();
  await page.mouse.move(990, 950);
  await breaker(page, 'payments', 'open').waitFor();
  await pause(3000);
  const dismiss = page.getByRole('button', { name: 'Dismiss' });
  while (await dismiss.count() > 0) await dismiss.first().click();
  await page.mouse.move(990, 950);
  await pause(600);
  await page.screenshot({ path });
  run('pngquant', '--force', '--skip-if-larger', '--speed', '1', '--strip', '--output', path, '256', path);
  await page.context().close();
}

const directory = process.argv[2] ?? fileURLToPath(new URL('../../demo', import.meta.url));
const demo = await Demo.start();
try {
  for (const tool of TOOLS) await demo.answer(`traffic ${tool}`);
  const [moving, still] = ['webp', 'png'].map((ending) => join(directory, `dashboard.${ending}`));
  await makeMoving(demo, moving);
  await makeStill(demo, still);
  for (const path of [moving, still]) console.log(`${path}: ${Math.ceil(statSync(path).size / 1000)} kB`);
} finally {
  await closeBrowser();
  await demo.stop();
}
