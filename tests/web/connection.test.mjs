// The server is slow, gone, another one, or restarts its part that serves.

import assert from 'node:assert/strict';
import { eventLog } from './support/event_log.mjs';
import { scene } from './support/scene.mjs';
import { card, events, hook, noticed } from './support/views.mjs';
import { eventually } from './support/waiting.mjs';

function connection(page, state) {
  return hook(page, 'connection', `[data-state="${state}"]`);
}

scene('a server that does not answer: the page says how old its data is', async (stage) => {
  stage.faults.expect(/net::ERR_/);
  const host = await stage.host();
  const page = await stage.page(host.url);
  await card(page, 'tool-1', 'closed').waitFor();
  host.signal('SIGSTOP');
  await hook(page, 'stale').filter({ hasText: /No contact for \d.* showing data from \d/ }).waitFor();
  assert(await card(page, 'tool-1', 'closed').isVisible());
  // Screen readers are told once, and not each second.
  assert.equal(await hook(page, 'stale').evaluate((banner) => {
    const announced = banner.cloneNode(true);
    announced.querySelector('[aria-live="off"]').remove();
    return announced.textContent;
  }), 'No contact');
  assert.notEqual(await hook(page, 'connection').getAttribute('data-state'), 'live');

  host.signal('SIGCONT');
  await connection(page, 'live').waitFor();
  await hook(page, 'stale').waitFor({ state: 'hidden' });
  await noticed(page, 'Back in contact');
  await host.failures(3, 'tool-1');
  await eventually(async () => await card(page, 'tool-1').getAttribute('data-state') !== 'closed');
});

scene('another process at the same address: the old data goes', async (stage) => {
  stage.faults.expect(/net::ERR_/);
  const first = await stage.host();
  await first.failures(3, 'only-in-the-first');
  const page = await stage.page(`${first.url}#/events`);
  await events(page, '[data-tool-id="only-in-the-first"]').first().waitFor();
  await first.kill();
  await connection(page, 'lost').waitFor();

  const second = await stage.host({ listen: first.port });
  await second.failures(1, 'only-in-the-second');
  await noticed(page, 'The process restarted');
  await events(page, '[data-tool-id="only-in-the-second"]').first().waitFor();
  assert.equal(await events(page, '[data-tool-id="only-in-the-first"]').count(), 0);
  await page.keyboard.press('Escape');
  await card(page, 'only-in-the-second', 'closed').waitFor();
  assert.equal(await card(page, 'only-in-the-first').count(), 0);
  await connection(page, 'live').waitFor();
});

scene('the actor that serves is killed: no event is lost or told twice', async (stage) => {
  stage.faults.expect(/net::ERR_|status of 503/);
  const host = await stage.host();
  // Tall enough for all rows to be in the document.
  const page = await stage.page(`${host.url}#/events`, { viewport: { width: 1280, height: 4000 } });
  const shown = () => events(page).evaluateAll((rows) => rows.map((row) => {
    const [at, tool, text] = [row.querySelector('time').dateTime, row.dataset.toolId, row.querySelector('.event-text').textContent];
    return `${at} ${tool} ${text}`;
  }).reverse());
  const told = async () => (await eventLog(host.url)).map(({ data }) => `${data.at} ${data.id} ${data.text}`);

  for (let round = 0; round < 5; round++) {
    await host.failures(2, `before-${round}`);
    await host.order('kill');
    await host.failures(2, `after-${round}`);
    await events(page, `[data-tool-id="after-${round}"][data-kind="call_failed"]`).first().waitFor();
  }
  await eventually(async () => (await shown()).length >= (await told()).length, async () => (await shown()).join('\n'));
  assert.deepEqual(await shown(), await told());
  assert.equal(new Set(await shown()).size, (await shown()).length);
  await connection(page, 'live').waitFor();
});
