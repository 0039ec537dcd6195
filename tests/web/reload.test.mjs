// Reloading the page loses nothing that the server still knows.

import assert from 'node:assert/strict';
import { TOKEN } from './support/programs.mjs';
import { scene } from './support/scene.mjs';
import { act, breaker, events, hook, openBreaker } from './support/views.mjs';
import { eventually } from './support/waiting.mjs';

/** Whether the charts show anything: pixels that are neither empty nor part of a closed time's pale band. */
function drawn(page) {
  return hook(page, 'timeline').locator('canvas').first().evaluate((canvas) => {
    const { data } = canvas.getContext('2d').getImageData(0, 0, canvas.width, canvas.height);
    let count = 0;
    for (let i = 3; i < data.length; i += 4) if (data[i] > 200) count++;
    return count;
  });
}

function changes(page) {
  return hook(page, 'transitions').locator('li[data-reason]')
    .evaluateAll((items) => items.map((item) => `${item.querySelector('time').dateTime} ${item.dataset.to} ${item.dataset.reason}`));
}

scene('in the middle of an outage', async (stage) => {
  const host = await stage.host();
  await host.calls(20, 'tool-1');
  await host.failures(3, 'tool-1');
  const page = await stage.page(host.url);
  await openBreaker(page, 'tool-1');
  const state = 'half_open'; // nobody calls: so it stays
  await breaker(page, 'tool-1', state).waitFor();
  await eventually(async () => (await changes(page)).length === 2);
  await eventually(async () => await drawn(page) > 300);
  const [address, before, failures] = [page.url(), await changes(page), hook(page, 'failures').locator('li[data-outcome]')];
  assert.equal(await failures.count(), 3);

  await page.reload();
  await breaker(page, 'tool-1', state).waitFor();
  assert.equal(page.url(), address);
  await eventually(async () => (await changes(page)).length === 2);
  assert.deepEqual(await changes(page), before);
  assert.equal(await failures.count(), 3);
  assert.equal(await hook(page, 'diagram').getAttribute('data-current'), state);
  await eventually(async () => await drawn(page) > 300);
  assert.match(await hook(page, 'window').getAttribute('data-window'), /F{3}$/);

  await page.goto(new URL('#/events', page.url()).href);
  await events(page, '[data-kind="state_transition"][data-to="open"]').waitFor();
  await page.goBack();
  await breaker(page, 'tool-1', state).waitFor();
});

scene('of a breaker that is not there', async (stage) => {
  stage.faults.expect(/status of 404/);
  const host = await stage.host();
  const page = await stage.page(`${host.url}#/b/nobody`);
  await page.getByText('No such breaker').waitFor();
  await host.calls(1, 'nobody');
  await breaker(page, 'nobody', 'closed').waitFor();
  await host.order('unregister nobody');
  await page.getByText('No such breaker').waitFor();
});

scene('of one that was made anew: nothing of the one before is shown', async (stage) => {
  stage.faults.expect(/status of 404/);
  const host = await stage.host();
  await host.failures(3, 'again');
  const page = await stage.page(`${host.url}#/b/again`);
  await breaker(page, 'again', 'half_open').waitFor();
  await eventually(async () => (await changes(page)).length === 2);
  await host.order('unregister again');
  await page.getByText('No such breaker').waitFor();
  await host.calls(1, 'again');
  await breaker(page, 'again', 'closed').waitFor();
  await eventually(async () => (await changes(page)).length === 0);
});

scene('in a browser that keeps nothing', async (stage) => {
  const host = await stage.host();
  const page = await stage.page(host.url);
  await page.addInitScript(() => {
    for (const place of ['localStorage', 'sessionStorage']) {
      Object.defineProperty(globalThis, place, { get: () => { throw new DOMException('forbidden', 'SecurityError'); } });
    }
  });
  await page.goto(`${host.url}?again#token=${TOKEN}`);
  await hook(page, 'signin', '[data-signed-in="true"]').waitFor();
  await page.getByRole('button', { name: 'Rows' }).click();
  await hook(page, 'theme').click();
  await openBreaker(page, 'tool-1');
  await act(page, 'isolate');
  await breaker(page, 'tool-1', 'open').waitFor();
});

scene('not needed: failures come to the list, and those that are there can still be marked', async (stage) => {
  const host = await stage.host();
  await host.failures(1, 'tool-1');
  const page = await stage.page(`${host.url}#/b/tool-1`);
  const failures = hook(page, 'failures').locator('li[data-outcome]');
  await failures.getByText('connection <refused>').waitFor();
  await failures.locator('p').first().evaluate((message) => getSelection().selectAllChildren(message));
  await host.failures(1, 'tool-1');
  await eventually(async () => await failures.count() === 2);
  assert.match(await page.evaluate(() => getSelection().toString()), /connection <refused>$/);
});
