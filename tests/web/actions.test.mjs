// Changing things: with a token, without one, where there is none; asking
// before, and saying after.

import assert from 'node:assert/strict';
import { TOKEN } from './support/programs.mjs';
import { scene } from './support/scene.mjs';
import { act, breaker, control, events, hook, noticed, openBreaker } from './support/views.mjs';

const tool = 'tool-1';

scene('a token that comes with the link is used, and out of sight', async (stage) => {
  const host = await stage.host();
  const page = await stage.page(`${host.url}#token=${TOKEN}`);
  await hook(page, 'signin', '[data-signed-in="true"]').waitFor();
  assert(!page.url().includes(TOKEN), page.url());
  await openBreaker(page, tool);
  await act(page, 'isolate', 'a <b>rehearsal</b>');
  await breaker(page, tool, 'open').and(page.locator('[data-mode="isolated"]')).waitFor();
  await noticed(page, 'Isolate: done.');

  await page.goto(new URL('#/events', page.url()).href);
  const told = events(page, `[data-kind="admin"][data-tool-id="${tool}"]`);
  await told.waitFor();
  assert.match(await told.textContent(), /operator.*isolate.*a <b>rehearsal<\/b>/);

  // Still known after a reload, and not to others.
  await page.reload();
  await hook(page, 'signin', '[data-signed-in="true"]').waitFor();
  const other = await stage.page(host.url);
  await hook(other, 'signin', '[data-signed-in="false"]').waitFor();
});

scene('without a token an action asks for it', async (stage) => {
  stage.faults.expect(/status of 401/);
  const host = await stage.host();
  const page = await stage.page(host.url);
  await openBreaker(page, tool);
  await hook(page, 'action-isolate').click();
  const dialog = hook(page, 'signin-dialog');
  await hook(dialog, 'token').fill('wrong');
  await hook(dialog, 'signin-submit').click();
  await hook(dialog, 'signin-error').filter({ hasText: 'wrong' }).waitFor();
  await hook(dialog, 'token').fill(TOKEN);
  await hook(dialog, 'signin-submit').click();
  await hook(page, 'confirm').click();
  await breaker(page, tool, 'open').waitFor();
  await hook(page, 'signin', '[data-signed-in="true"]').waitFor();

  await hook(page, 'signin').click();
  await hook(page, 'signin', '[data-signed-in="false"]').waitFor();
  await hook(page, 'action-reset').click();
  await hook(dialog, 'cancel').click();
  await dialog.waitFor({ state: 'detached' });
  assert.equal(await hook(page, 'confirm').count(), 0);
});

scene('what is cancelled is not done', async (stage) => {
  const host = await stage.host();
  const page = await stage.page(`${host.url}#token=${TOKEN}`);
  const changes = [];
  page.on('request', (request) => request.method() !== 'GET' && changes.push(request.url()));
  await openBreaker(page, tool);
  for (const leave of [() => hook(page, 'cancel').click(), () => page.keyboard.press('Escape')]) {
    await hook(page, 'action-disable').click();
    await hook(page, 'confirm').waitFor();
    await leave();
    await hook(page, 'confirm').waitFor({ state: 'detached' });
  }
  assert.deepEqual(changes, []);
  await act(page, 'reset');
  await noticed(page, 'Reset: done.');
  assert.equal(changes.length, 1);
});

scene('all can be reset at once', async (stage) => {
  const host = await stage.host();
  for (const each of ['tool-0', 'tool-2']) await host.failures(3, each);
  const page = await stage.page(`${host.url}#token=${TOKEN}`);
  await hook(page, 'group-closed', '[data-count="2"]').waitFor();
  await act(page, 'reset_all', 'all is well');
  await hook(page, 'group-closed', '[data-count="4"]').waitFor();
});

scene('controls of the program', async (stage) => {
  stage.faults.expect(/status of 500/);
  const host = await stage.host();
  await host.order('controls');
  const page = await stage.page(`${host.url}#token=${TOKEN}`);
  const toggle = control(page, 'toggle');
  await toggle.click();
  await noticed(page, 'It is on.');
  await toggle.and(page.locator('[aria-pressed="true"]')).waitFor();

  // One that is neither on nor off is no switch.
  assert.equal(await control(page, 'throws').getAttribute('aria-pressed'), null);
  await control(page, 'throws').click();
  await noticed(page, 'no <way>');
});

scene('a control that takes long, and one that has to wait for it', async (stage) => {
  stage.faults.expect(/status of 503/);
  const host = await stage.host({ more: ['--control-patience', '1000'] });
  await host.order('controls');
  const page = await stage.page(`${host.url}#token=${TOKEN}`);
  await control(page, 'hang').click();
  await noticed(page, 'Hang: still running.');
  await control(page, 'toggle').click();
  await noticed(page, 'the control hang is still running');
  await host.order('release');
  await control(page, 'toggle').and(page.locator(':not([aria-busy="true"])')).click();
  await noticed(page, 'It is on.');

  // What came of it is told when it is known.
  await page.goto(`${host.url}#/events`);
  await events(page).filter({ hasText: 'It has come back.' }).first().waitFor();
});

scene('where no token is configured, nothing can be changed and it says why', async (stage) => {
  const host = await stage.host({ token: null });
  const page = await stage.page(host.url);
  await openBreaker(page, tool);
  await page.getByText('Nothing can be changed here: the program has no token configured.').waitFor();
  const buttons = page.locator('[data-testid^="action-"]');
  assert.equal(await buttons.count(), 7);
  for (const button of await buttons.all()) assert(await button.isDisabled());
  assert(await hook(page, 'config-edit').isDisabled());
  assert(await hook(page, 'signin').isHidden());
  await page.keyboard.press('Escape');
  assert(await hook(page, 'action-reset_all').isDisabled());
});
