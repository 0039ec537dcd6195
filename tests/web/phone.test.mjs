// The page on a phone: all of it within the width of the screen.

import assert from 'node:assert/strict';
import { TOKEN } from './support/programs.mjs';
import { scene } from './support/scene.mjs';
import { act, breaker, card, control, hook, openBreaker } from './support/views.mjs';

/** Says what sticks out, if anything does. */
async function assertFits(page, what) {
  const wide = await page.evaluate(() => {
    const { scrollWidth, clientWidth } = document.documentElement;
    if (scrollWidth <= clientWidth) return null;
    const sticking = [...document.querySelectorAll('body *')].filter((each) => each.getBoundingClientRect().right > clientWidth + 1);
    return [`${scrollWidth} > ${clientWidth}`, ...sticking.slice(0, 5).map((each) => `${each.tagName}.${each.className}`)].join('\n');
  });
  assert.equal(wide, null, `${what} is too wide: ${wide}`);
}

for (const width of [320, 390]) {
  scene(`${width} px wide`, async (stage) => {
    const host = await stage.host();
    await host.failures(3, 'tool-1');
    await host.failures(1, 'x'.repeat(255));
    const page = await stage.page(`${host.url}#token=${TOKEN}`,
      { viewport: { width, height: 844 }, deviceScaleFactor: 2, isMobile: true, hasTouch: true });
    const check = (what) => assertFits(page, what);
    await card(page, 'tool-1', 'half_open').waitFor();
    await check('the wall');
    await page.getByRole('button', { name: 'Rows' }).tap();
    await check('the wall in rows');
    const crowded = await page.locator('.rate').evaluateAll((rates) => rates.filter((each) => each.scrollWidth > each.clientWidth + 1)
      .map((each) => each.textContent));
    assert.deepEqual(crowded, [], 'numbers that cover each other');
    await page.getByRole('button', { name: 'Show events' }).tap();
    await check('the wall with events');
    await page.getByRole('button', { name: 'Hide events' }).tap();
    await openBreaker(page, 'tool-1');
    await check('a breaker');
    await page.locator('summary').tap();
    await check('a breaker with its table');
    await hook(page, 'action-isolate').tap();
    await check('the question before an action');
    await hook(page, 'cancel').tap();
    await act(page, 'isolate', 'by thumb');
    await breaker(page, 'tool-1', 'open').waitFor();
    await hook(page, 'config-edit').tap();
    await hook(page, 'config-apply').waitFor();
    await check('the form of the settings');
    await hook(page, 'cancel').tap();
    await page.getByRole('link', { name: 'Events', exact: true }).first().tap();
    await hook(page, 'event').first().waitFor();
    await check('the events');
    await page.goto(new URL(`#/b/${'x'.repeat(255)}`, page.url()).href);
    await breaker(page, 'x'.repeat(255), 'closed').waitFor();
    await check('a breaker with a long name');
    await hook(page, 'signin').tap();
    await hook(page, 'signin', '[data-signed-in="false"]').tap();
    await hook(page, 'signin-dialog').waitFor();
    await check('signing in');
  });
}

scene('without contact to the server', async (stage) => {
  stage.faults.expect(/net::ERR_/);
  const host = await stage.host();
  const page = await stage.page(`${host.url}#token=${TOKEN}`, { viewport: { width: 320, height: 844 }, isMobile: true, hasTouch: true });
  await card(page, 'tool-1', 'closed').waitFor();
  host.signal('SIGSTOP');
  for (const state of ['stale', 'lost']) {
    await hook(page, 'connection', `[data-state="${state}"]`).waitFor();
    await assertFits(page, state);
  }
  host.signal('SIGCONT');
  await hook(page, 'connection', '[data-state="live"]').waitFor();
});

scene('the demo on a phone', async (stage) => {
  const demo = await stage.demo();
  const page = await stage.page(demo.url, { viewport: { width: 390, height: 844 }, isMobile: true, hasTouch: true });
  await card(page, 'search', 'closed').waitFor();
  await assertFits(page, 'the wall');
  await control(page, 'search.errors').tap();
  await card(page, 'search', 'open').waitFor();
  await openBreaker(page, 'search');
  await assertFits(page, 'a breaker');
  await control(page, 'search.healthy').tap();
  await breaker(page, 'search', 'closed').waitFor();
});
