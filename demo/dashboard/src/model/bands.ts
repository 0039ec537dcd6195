import type { State, Transition } from '../api';

/** A stretch of time in one state, for the background of the timeline. */
export interface Band {
  from: number;
  to: number;
  state: State;
}

/**
 * The states between `start` and `end` (ms since the epoch), from the changes
 * that are known, oldest first. Before the first one the breaker was in the
 * state that it left; with none, it has been in `current` all the time, but
 * for no longer than `since` (when it was made).
 */
export function bands(
  transitions: readonly Pick<Transition, 'at' | 'from' | 'to'>[], current: State,
  since: number, start: number, end: number,
): Band[] {
  const result: Band[] = [];
  const add = (from: number, to: number, state: State): void => {
    const band = { from: Math.max(from, start), to: Math.min(to, end), state };
    if (band.to > band.from) result.push(band);
  };
  let at = since;
  let state = transitions[0]?.from ?? current;
  for (const each of transitions) {
    const then = Date.parse(each.at);
    if (Number.isNaN(then)) continue;
    add(at, then, state);
    at = Math.max(at, then);
    state = each.to;
  }
  add(at, end, state);
  return result;
}

/** Joins changes that two polls told of; the server keeps fewer than a page may have seen. */
export function mergeTransitions(
  known: readonly Transition[], told: readonly Transition[], limit: number,
): Transition[] {
  const first = told[0];
  if (!first) return [...known];
  const older = known.filter((each) => each.epoch < first.epoch);
  return [...older, ...told].slice(-limit);
}
