// The demo's page: a service is broken and healed by its buttons, and what the
// breaker does is seen there as in the terminal.

import assert from 'node:assert/strict';
import { scene } from './support/scene.mjs';
import { breaker, card, control, events, hook, openBreaker, recordStates } from './support/views.mjs';
import { eventually } from './support/waiting.mjs';

// From a state to those that may be seen next; half-open can be over too soon
// to be seen.
const NEXT = { closed: ['open'], open: ['half_open', 'closed'], half_open: ['open', 'closed'] };

function assertPossible(states) {
  for (let i = 1; i < states.length; i++) {
    assert(NEXT[states[i - 1]].includes(states[i]), `not in this order: ${states.join(', ')}`);
  }
}

async function secondsLeft(page, id) {
  return Number(/[\d.]+/.exec(await hook(card(page, id), 'countdown').textContent())?.[0]);
}

scene('a killed service opens its breaker, a healed one closes it', async (stage) => {
  const demo = await stage.demo();
  const page = await stage.page(demo.url);
  for (const tool of ['database', 'payments', 'search', 'llm']) await card(page, tool, 'closed').waitFor();
  const states = await recordStates(page, 'database');

  const start = performance.now();
  await control(page, 'database.kill').click();
  await card(page, 'database', 'open').waitFor();
  assert.match(await hook(card(page, 'database'), 'reason').textContent(), /failures in a row/);
  await eventually(async () => await secondsLeft(page, 'database') > 0);
  const before = await secondsLeft(page, 'database');
  await eventually(async () => await secondsLeft(page, 'database') < before);
  assert.equal(await control(page, 'database.kill').getAttribute('aria-pressed'), 'true');

  await control(page, 'database.healthy').click();
  await card(page, 'database', 'closed').waitFor();
  assert(performance.now() - start < 30_000, 'it took more than 30 s');
  assertPossible(await states());

  await page.goto(new URL('#/events?tool=database', page.url()).href);
  await page.getByLabel('Kind').selectOption({ label: 'State changes' }); // the list shows no more than fits
  const told = () => events(page, '[data-kind="state_transition"]')
    .evaluateAll((rows) => rows.map((row) => row.dataset.to).reverse());
  await eventually(async () => (await told()).at(-1) === 'closed');
  assert.equal((await told())[0], 'open');
  assert.deepEqual((await told()).slice(-2), ['half_open', 'closed']);
  assertPossible(['closed', ...await told()]);

  const journal = (await demo.answer('events')).filter((line) => line.includes('database')).join('\n');
  assert.match(journal, /page: .*killed[^]*open: 3 failures in a row[^]*page: service is healthy[^]*closed: recovered/);
  assert.match((await demo.answer('stats')).find((line) => line.startsWith('database')), /healthy +closed/);
});

scene('a service that hangs keeps its breaker half-open long enough to be seen', async (stage) => {
  const demo = await stage.demo();
  const page = await stage.page(demo.url);
  await card(page, 'database', 'closed').waitFor();
  const states = await recordStates(page, 'database');
  await control(page, 'database.hang').click();
  await eventually(async () => (await states()).includes('half_open'), states);
  await control(page, 'database.healthy').click();
  await card(page, 'database', 'closed').waitFor();
  assert.deepEqual((await states()).slice(0, 3), ['closed', 'open', 'half_open']);
  assertPossible(await states());
});

scene('what is done in the terminal is seen on the page', async (stage) => {
  const demo = await stage.demo();
  const page = await stage.page(demo.url);
  await openBreaker(page, 'payments');
  await demo.answer('break payments errors');
  await control(page, 'payments.errors').and(page.locator('[aria-pressed="true"]')).waitFor();
  await demo.answer('isolate payments');
  await breaker(page, 'payments', 'open').and(page.locator('[data-mode="isolated"]')).waitFor();
  await demo.answer('reset payments');
  await breaker(page, 'payments', 'closed').and(page.locator('[data-mode="automatic"]')).waitFor();
});
