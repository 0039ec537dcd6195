// 5,000 breakers with calls to all of them: the wall stays light and smooth.

import assert from 'node:assert/strict';
import { countFrames, describe, stopCounting } from './support/frames.mjs';
import { scene } from './support/scene.mjs';
import { card, hook, openBreaker } from './support/views.mjs';
import { PATIENCE, eventually } from './support/waiting.mjs';

const COUNT = 5000;
const PASSES = 3; // the best counts: the machine may have much else to do

async function wallOf(stage) {
  const host = await stage.host({ breakers: COUNT });
  await host.traffic(0);
  const start = performance.now();
  const page = await stage.page(host.url);
  await hook(page, 'group-closed', `[data-count="${COUNT}"]`).waitFor();
  await card(page, 'tool-0').waitFor();
  console.log(`shown after ${(performance.now() - start).toFixed(0)} ms`);
  assert.equal(page.workers().length, 1, 'polls are not read by a worker');
  return { host, page };
}

/** Where the wall is, as a share of the way, once what was asked for shows. */
const place = (page) => page.evaluate(() => new Promise((done) => {
  const end = document.documentElement.scrollHeight - innerHeight;
  requestAnimationFrame(() => done(scrollY / end));
}));

/** From where the wall is to its end: by the wheel first, then by the key. */
async function scrollThrough(page) {
  await page.mouse.move(640, 500);
  const last = hook(page, 'card', `[aria-posinset="${COUNT}"]`);
  const deadline = performance.now() + PATIENCE;
  for (let at = 0; at < 0.999 || !await last.isVisible(); at = await place(page)) {
    if (at < 0.8) await page.mouse.wheel(0, 2000);
    else await page.keyboard.press('PageDown');
    assert(performance.now() < deadline, `it does not scroll on from ${at}`);
  }
}

async function scrollUp(page) {
  await page.evaluate(() => scrollTo({ top: 0, behavior: 'instant' }));
  await card(page, 'tool-0').waitFor();
}

scene('scrolling through all of them', async (stage) => {
  const { page } = await wallOf(stage);
  const good = ({ median, stalls, cards }) => median <= 34 && stalls < 0.05 && cards < 400;
  const passes = [];
  while (passes.length < PASSES && !passes.some(good)) {
    await scrollUp(page);
    await countFrames(page);
    await scrollThrough(page);
    passes.push(await stopCounting(page));
    console.log(describe(passes.at(-1)));
  }
  assert(passes.some(good), passes.map(describe).join('\n'));
});

scene('finding one of them', async (stage) => {
  const { host, page } = await wallOf(stage);
  const polls = [];
  page.on('response', (response) => /api\/circuit_breakers\?/.test(response.url()) && polls.push(response.status()));

  await hook(page, 'search').fill('TOOL-4321');
  await hook(page, 'group-closed', '[data-count="1"]').waitFor();
  await card(page, 'tool-4321', 'closed').waitFor();
  await hook(page, 'search').fill('no such tool');
  await page.getByRole('button', { name: 'Show all' }).click();
  await hook(page, 'group-closed', `[data-count="${COUNT}"]`).waitFor();

  await host.traffic(100);
  await page.getByLabel('State').selectOption('closed');
  await hook(page, 'group-closed', `[data-count="${COUNT - 1}"]`).waitFor();
  assert.equal(await card(page, 'tool-0').count(), 0);
  await page.getByLabel('State').selectOption('all');
  await openBreaker(page, 'tool-0');
  await hook(page, 'transitions').locator('li[data-to="open"]').first().waitFor();

  const before = polls.length;
  await eventually(() => polls.length >= before + 3);
  assert(polls.every((status) => status === 200), polls.join());
  assert.equal(await hook(page, 'connection').getAttribute('data-state'), 'live');
});
