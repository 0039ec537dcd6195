// Waiting for what comes true by itself.

import { setTimeout as pause } from 'node:timers/promises';

/** For a slow machine with much else to do, in ms; nothing waits this long otherwise. */
export const PATIENCE = 60_000;

/** Waits until `what()` is truthy and returns it. What it throws counts as not yet. */
export async function eventually(what, describe = () => '', patience = PATIENCE) {
  const deadline = performance.now() + patience;
  for (let reason = ''; ; reason = '') {
    try {
      const result = await what();
      if (result) return result;
    } catch (error) {
      reason = error.message;
    }
    if (performance.now() > deadline) {
      throw new Error(`did not come true in ${patience / 1000} s: ${what}\n${reason}\n${await describe()}`);
    }
    await pause(50);
  }
}
