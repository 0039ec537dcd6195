// Changing a breaker's settings: what is wrong is said where it is wrong, what
// would change is shown before, and what was counted stays.

import assert from 'node:assert/strict';
import { TOKEN } from './support/programs.mjs';
import { scene } from './support/scene.mjs';
import { events, hook, noticed, openBreaker } from './support/views.mjs';
import { eventually } from './support/waiting.mjs';

const field = (page, name) => hook(page, 'config-field', `[data-name="${name}"]`);
const error = (page, name) => hook(page, 'config-error', `[data-name="${name}"]`);
const setting = (page, name) => page.locator('.settings > div').filter({ has: page.getByText(name, { exact: true }) }).locator('dd');

scene('a wrong value, then a right one', async (stage) => {
  stage.faults.expect(/status of 400/);
  const host = await stage.host();
  await host.calls(5, 'tool-1');
  await host.failures(2, 'tool-1');
  const page = await stage.page(`${host.url}#token=${TOKEN}`);
  await openBreaker(page, 'tool-1');
  await eventually(async () => await hook(page, 'window').getAttribute('data-window') === 'SSSSSFF');

  await hook(page, 'config-edit').click();
  await field(page, 'failure_threshold').fill('-3');
  await field(page, 'open_timeout').fill('soon');
  await hook(page, 'config-apply').click();
  await error(page, 'failure_threshold').filter({ hasText: '-3' }).waitFor();
  await error(page, 'open_timeout').filter({ hasText: 'soon' }).waitFor();
  assert(await error(page, 'success_threshold').isHidden());
  assert.equal(await field(page, 'failure_threshold').getAttribute('aria-invalid'), 'true');

  await field(page, 'failure_threshold').fill('7');
  await field(page, 'open_timeout').fill('2500 ms');
  const diff = hook(page, 'config-diff').locator('li');
  await eventually(async () => (await diff.count()) === 2);
  assert.deepEqual(await diff.allTextContents(), ['failure_threshold 3 → 7', 'open_timeout 1s → 2500ms']);
  await hook(page, 'config-apply').click();
  await hook(page, 'config-apply').waitFor({ state: 'detached' });
  await noticed(page, 'failure_threshold 3 -> 7');
  await setting(page, 'failure_threshold').filter({ hasText: /^7$/ }).waitFor();
  assert.equal(await hook(page, 'window').getAttribute('data-window'), 'SSSSSFF');
  assert.equal(await hook(page, 'failures').locator('li[data-outcome]').count(), 2);

  // It holds: two more failures would have been too many before.
  await host.failures(2, 'tool-1');
  await eventually(async () => (await hook(page, 'window').getAttribute('data-window')).endsWith('FFFF'));
  assert.equal(await hook(page, 'breaker').getAttribute('data-state'), 'closed');

  await page.goto(new URL('#/events?tool=tool-1', page.url()).href);
  await events(page, '[data-kind="config_changed"]').filter({ hasText: 'failure_threshold 3 -> 7' }).waitFor();
});

scene('a click beside the form closes it, but not one that began in a field', async (stage) => {
  const host = await stage.host();
  const page = await stage.page(`${host.url}#token=${TOKEN}`);
  await openBreaker(page, 'tool-1');
  await hook(page, 'config-edit').click();
  await field(page, 'failure_threshold').fill('9');
  await field(page, 'failure_threshold').hover();
  await page.mouse.down();
  await page.mouse.move(5, 5);
  await page.mouse.up();
  assert.equal(await field(page, 'failure_threshold').inputValue(), '9');
  await page.mouse.click(5, 5);
  await hook(page, 'config-apply').waitFor({ state: 'detached' });
});

scene('nothing changes unless it is applied', async (stage) => {
  const host = await stage.host();
  const page = await stage.page(`${host.url}#token=${TOKEN}`);
  await openBreaker(page, 'tool-1');
  await hook(page, 'config-edit').click();
  assert(await hook(page, 'config-apply').isDisabled());
  await field(page, 'failure_threshold').fill('9');
  assert(await hook(page, 'config-apply').isEnabled());
  await field(page, 'failure_threshold').fill('3');
  assert(await hook(page, 'config-apply').isDisabled());
  await field(page, 'failure_threshold').fill('9');
  await hook(page, 'cancel').click();
  await hook(page, 'config-edit').click();
  assert.equal(await field(page, 'failure_threshold').inputValue(), '3');
});
