// Names and texts come from outside: whatever they are, they are text.

import assert from 'node:assert/strict';
import { TOKEN } from './support/programs.mjs';
import { scene } from './support/scene.mjs';
import { act, breaker, card, events, hook, noticed } from './support/views.mjs';

const encode = (text) => encodeURIComponent(text)
  .replace(/[!'()*]/g, (each) => `%${each.charCodeAt(0).toString(16).toUpperCase()}`)
  .replace(/^\.+$/, (dots) => dots.replaceAll('.', '%2E'));

// [id, the text that stands for it]
const NAMES = [
  ...['<img src=x onerror=globalThis.pwned=1>', '"><script>globalThis.pwned=1</script>', `' onmouseover='globalThis.pwned=1`,
    'javascript:globalThis.pwned=1', '${7*7}{{7*7}}', '%3Cb%3E', '...', 'a/b?c=d&e#f', 'evil\u202Egpj.exe', 'عربى', 'x'.repeat(255),
    'Zürich 🔌 東京', '__proto__', 'constructor'].map((name) => [encode(name), name]),
  ['%FF%FE', '\\xff\\xfe'],
  ['%00nul', '\u0000nul'],
];

async function assertHarmless(page) {
  assert.equal(await page.evaluate(() => globalThis.pwned), undefined);
  assert.equal(await page.locator('body :is(img, script, iframe, object)').count(), 0);
  assert.equal(await page.evaluate(() => document.documentElement.scrollWidth - innerWidth), 0, 'it is too wide');
}

async function openAndBack(page, id, name) {
  const link = card(page, id).locator('a');
  await link.waitFor();
  assert.equal(await link.textContent(), name);
  assert.match(await link.evaluate((each) => getComputedStyle(each).unicodeBidi), /isolate|plaintext/);
  await link.click();
  await hook(breaker(page, id, 'closed'), 'state').waitFor();
  assert.equal(await page.getByRole('heading', { level: 1 }).textContent(), name);
  assert(page.url().endsWith(`#/b/${id}`), page.url());
  await assertHarmless(page);
  await page.goBack();
}

for (const [size, viewport] of Object.entries({ desk: { width: 1280, height: 2400 }, phone: { width: 390, height: 844 } })) {
  scene(`names, on a ${size}`, async (stage) => {
    const host = await stage.host({ breakers: 0 });
    for (const [id] of NAMES) await host.failures(1, id);
    const page = await stage.page(host.url, { viewport });
    await hook(page, 'group-closed', `[data-count="${NAMES.length}"]`).waitFor();
    await assertHarmless(page);
    for (const [id, name] of NAMES) {
      if (size === 'phone') await hook(page, 'search').fill(name);
      await openAndBack(page, id, name);
    }
  });
}

scene('names that stand for parts of a path', async (stage) => {
  const host = await stage.host({ breakers: 0 });
  const page = await stage.page(`${host.url}#token=${TOKEN}`);
  for (const name of ['.', '..']) {
    const id = encode(name);
    await host.failures(1, id);
    await openAndBack(page, id, name);
    await card(page, id).locator('a').click();
    await hook(breaker(page, id, 'closed'), 'failures').locator('li[data-outcome]').waitFor();
    await hook(page, 'config-edit').click();
    await hook(page, 'config-field', '[data-name="failure_threshold"]').fill('7');
    await hook(page, 'config-apply').click();
    await noticed(page, 'failure_threshold 3 -> 7');
    await act(page, 'isolate');
    await breaker(page, id, 'open').and(page.locator('[data-mode="isolated"]')).waitFor();
    await page.keyboard.press('Escape');
  }
});

scene('names in the log of events, and reasons', async (stage) => {
  const host = await stage.host({ breakers: 0 });
  for (const [id] of NAMES) await host.failures(1, id);
  const page = await stage.page(`${host.url}#token=${TOKEN}`, { viewport: { width: 1280, height: 2400 } });
  const [id] = NAMES[0];
  await card(page, id).locator('a').click();
  const reason = '<img src=x onerror=globalThis.pwned=1>\u202E';
  await act(page, 'isolate', reason);
  await breaker(page, id, 'open').waitFor();
  await hook(page, 'failures').getByText('connection <refused>').first().waitFor();
  await page.goto(new URL('#/events', page.url()).href);
  await events(page, '[data-kind="admin"]').filter({ hasText: '<img src=x onerror' }).waitFor();
  for (const [each, name] of NAMES) {
    const told = events(page, `[data-tool-id="${each}"]`).first();
    await told.waitFor();
    assert.equal(await told.locator('a').textContent(), name);
  }
  await assertHarmless(page);
  const [odd] = NAMES.at(-2);
  await events(page, `[data-tool-id="${odd}"]`).first().locator('a').click();
  await breaker(page, odd, 'closed').waitFor();
});
