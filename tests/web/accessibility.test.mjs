// Every view of the page against axe-core's rules: light and dark, on a desk
// and on a phone.

import { assertAccessible } from './support/accessibility.mjs';
import { TOKEN } from './support/programs.mjs';
import { scene } from './support/scene.mjs';
import { act, breaker, card, hook, noticed, openBreaker } from './support/views.mjs';

const SIZES = { desk: { width: 1280, height: 800 }, phone: { width: 390, height: 844 } };

for (const colorScheme of ['light', 'dark']) {
  for (const [size, viewport] of Object.entries(SIZES)) {
    scene(`${colorScheme}, on a ${size}`, async (stage) => {
      stage.faults.expect(/net::ERR_/);
      const host = await stage.host();
      await host.calls(20, 'tool-1');
      await host.failures(3, 'tool-1');
      const page = await stage.page(`${host.url}#token=${TOKEN}`, { viewport, colorScheme, reducedMotion: 'reduce' });
      const check = (what) => assertAccessible(page, `${what}, ${colorScheme}, ${size}`);
      const escape = async () => {
        await page.keyboard.press('Escape');
        await page.locator('dialog').waitFor({ state: 'detached' });
      };

      await card(page, 'tool-1', 'half_open').waitFor(); // nobody calls it, so it stays
      await openBreaker(page, 'tool-2');
      await act(page, 'isolate');
      await breaker(page, 'tool-2', 'open').waitFor();
      await noticed(page, 'Isolate: done.');
      await check('the page of an isolated breaker');
      await hook(page, 'action-reset').click();
      await check('the question before an action');
      await escape();
      await hook(page, 'config-edit').click();
      await hook(page, 'config-apply').waitFor();
      await check('the form of the settings');
      await escape();

      await page.goto(new URL('#/b/tool-1', page.url()).href);
      await breaker(page, 'tool-1', 'half_open').waitFor();
      await page.locator('summary').click();
      await check('the page of a half-open breaker');

      await page.goto(new URL('#/', page.url()).href);
      await card(page, 'tool-2', 'open').waitFor();
      await page.getByRole('button', { name: 'Show events' }).click();
      await check('the wall');
      await page.getByRole('button', { name: 'Rows' }).click();
      await check('the wall in rows');
      await hook(page, 'search').fill('nothing');
      await page.getByRole('button', { name: 'Show all' }).waitFor();
      await check('the wall without a hit');

      await page.goto(new URL('#/events?tool=tool-1', page.url()).href);
      await hook(page, 'event').first().waitFor();
      await check('the events');
      await page.getByRole('button', { name: 'Keyboard shortcuts' }).click();
      await check('the list of keys');
      await escape();
      await hook(page, 'signin').click();
      await hook(page, 'signin', '[data-signed-in="false"]').click();
      await hook(page, 'signin-dialog').waitFor();
      await check('signing in');
      await escape();

      host.signal('SIGSTOP');
      await hook(page, 'stale').waitFor();
      await check('old data');
    });
  }
}
