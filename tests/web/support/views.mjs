// Finding things on the page. What they are called is in
// demo/dashboard/src/hooks.ts.

export function hook(within, name, more = '') {
  return within.locator(`[data-testid="${name}"]${more}`);
}

export function card(page, id, state) {
  return hook(page, 'card', `[data-tool-id="${id}"]${of(state)}`);
}

export function breaker(page, id, state) {
  return hook(page, 'breaker', `[data-tool-id="${id}"]${of(state)}`);
}

export function control(page, id) {
  return hook(page, 'control', `[data-control-id="${id}"]`);
}

export function events(page, more = '') {
  return hook(page, 'event', more);
}

export async function openBreaker(page, id) {
  await card(page, id).locator('a').click();
  await hook(breaker(page, id), 'state').waitFor();
}

/** Does what a button of the breaker's page says, dialog and all. */
export async function act(page, action, reason = '') {
  await hook(page, `action-${action}`).click();
  await hook(page, 'confirm-reason').fill(reason);
  await hook(page, 'confirm').click();
  await hook(page, 'confirm').waitFor({ state: 'detached' });
}

/** The notice with this text. */
export async function noticed(page, text) {
  await hook(page, 'notice').filter({ hasText: text }).first().waitFor();
}

/** From now on, the states that the card or page of a breaker shows, one after the other. */
export async function recordStates(page, id) {
  await page.evaluate((wanted) => {
    const seen = [];
    const look = () => {
      const state = document.querySelector(`[data-tool-id="${CSS.escape(wanted)}"][data-state]`)?.dataset.state;
      if (state && state !== seen.at(-1)) seen.push(state);
    };
    new MutationObserver(look).observe(document.body, {
      attributes: true, attributeFilter: ['data-state', 'data-tool-id'], childList: true, subtree: true,
    });
    look();
    globalThis.seenStates = seen;
  }, id);
  return () => page.evaluate(() => globalThis.seenStates);
}

function of(state) {
  return state === undefined ? '' : `[data-state="${state}"]`;
}
