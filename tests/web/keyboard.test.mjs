// All of it without a mouse; and without motion for those who want none.

import assert from 'node:assert/strict';
import { TOKEN } from './support/programs.mjs';
import { scene } from './support/scene.mjs';
import { breaker, card, control, hook } from './support/views.mjs';
import { eventually } from './support/waiting.mjs';

const focus = (page) => page.evaluate(() => {
  const { activeElement: at } = document;
  // The ring of a breaker's name is around its card.
  const { outlineStyle, outlineWidth } = getComputedStyle(at.closest('.card') ?? at);
  return {
    tag: at.tagName, testid: at.dataset.testid ?? '', href: at.getAttribute('href') ?? '',
    ring: outlineStyle !== 'none' && parseFloat(outlineWidth) >= 1,
  };
});

/** Tab until the focus is where it should be; it must be seen on the way. */
async function tabTo(page, wanted) {
  for (let presses = 0; presses < 60; presses++) {
    await page.keyboard.press('Tab');
    const now = await focus(page);
    if (now.tag !== 'BODY') assert(now.ring, `no focus to be seen at ${JSON.stringify(now)}`);
    if (wanted(now)) return presses + 1;
  }
  throw new Error('the Tab key does not lead there');
}

scene('reach a breaker, act on it, and go back', async (stage) => {
  const host = await stage.host({ breakers: 8 });
  const page = await stage.page(`${host.url}#token=${TOKEN}`);
  await card(page, 'tool-0').waitFor();
  await tabTo(page, ({ href }) => href === '#main');
  await page.keyboard.press('Enter');
  assert.equal(new URL(page.url()).hash, '');
  await tabTo(page, ({ href }) => href === '#/b/tool-0');
  await page.keyboard.press('ArrowRight');
  assert.equal((await focus(page)).href, '#/b/tool-1');
  await page.keyboard.press('ArrowDown');
  assert.equal((await focus(page)).href, '#/b/tool-4');
  await page.keyboard.press('End');
  assert.equal((await focus(page)).href, '#/b/tool-7');

  await page.keyboard.press('Enter');
  await breaker(page, 'tool-7', 'closed').waitFor();
  await eventually(async () => (await focus(page)).tag === 'H1');
  await tabTo(page, ({ testid }) => testid === 'action-isolate');
  await page.keyboard.press('Enter');
  await hook(page, 'confirm').waitFor();
  assert.equal((await focus(page)).testid, 'confirm-reason');
  await page.keyboard.type('by the keyboard');
  await page.keyboard.press('Enter');
  await breaker(page, 'tool-7', 'open').waitFor();
  assert.equal((await focus(page)).testid, 'action-isolate');

  await page.keyboard.press('Escape');
  await card(page, 'tool-7', 'open').waitFor();
  assert.equal((await focus(page)).href, '#/b/tool-7');
  await page.keyboard.press('ArrowDown');
  assert.equal((await focus(page)).href, '#/b/tool-0');
});

scene('the focus stays on a control when its card moves', async (stage) => {
  const host = await stage.host();
  await host.order('controls');
  const page = await stage.page(host.url);
  await control(page, 'toggle').focus();
  await host.failures(3, 'tool-0');
  await hook(page, 'group-half_open', '[data-count="1"]').waitFor();
  assert.equal(await page.evaluate(() => document.activeElement.dataset.controlId), 'toggle');
});

scene('the keys that the page lists', async (stage) => {
  const host = await stage.host();
  const page = await stage.page(host.url);
  await card(page, 'tool-0').waitFor();
  await page.keyboard.press('?');
  await page.getByRole('dialog', { name: 'Keyboard shortcuts' }).waitFor();
  await page.keyboard.press('Escape');
  await page.locator('dialog').waitFor({ state: 'detached' });
  await page.keyboard.press('e');
  await hook(page.locator('main'), 'events').waitFor();
  assert.equal(new URL(page.url()).hash, '#/events');
  assert.equal((await focus(page)).tag, 'H1');
  await page.keyboard.press('Escape');
  await card(page, 'tool-0').waitFor();
  await page.keyboard.press('/');
  await page.keyboard.type('tool-2'); // not what the letters do elsewhere
  await hook(page, 'group-closed', '[data-count="1"]').waitFor();
  await page.keyboard.press('Escape');
  await page.keyboard.press('d');
  await page.getByRole('button', { name: 'Rows', pressed: true }).waitFor();
});

scene('no motion where none is wanted', async (stage) => {
  const host = await stage.host();
  const page = await stage.page(`${host.url}#/b/tool-0`, { reducedMotion: 'reduce' });
  await page.evaluate(() => {
    globalThis.moved = new Set();
    const look = () => {
      for (const animation of document.getAnimations()) {
        if (animation.playState !== 'running' || animation.effect.getComputedTiming().duration <= 1) continue;
        globalThis.moved.add(`${animation.animationName ?? animation.transitionProperty ?? 'script'} of ${animation.effect.target.className}`);
      }
      requestAnimationFrame(look);
    };
    look();
  });
  await breaker(page, 'tool-0', 'closed').waitFor();
  await host.failures(3, 'tool-0');
  await breaker(page, 'tool-0', 'half_open').waitFor();
  await page.keyboard.press('Escape');
  await card(page, 'tool-0', 'half_open').waitFor();
  await host.calls(2, 'tool-0');
  await card(page, 'tool-0', 'closed').waitFor();
  assert.deepEqual(await page.evaluate(() => [...globalThis.moved]), []);
});
