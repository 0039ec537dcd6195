// How often to ask, and how old data may be before the page says so.

const HIDDEN_MS = 10_000;
const LONGEST_MS = 30_000;

/**
 * The least time from the end of one poll to the start of the next, however
 * urgent that is: ten times what a poll takes. Of the last two the quicker one
 * counts, so that a single answer that was held up does not make the page
 * blind for a minute.
 */
export function leastPause(tookMs: number, tookBeforeMs: number): number {
  return Math.min(10 * Math.min(tookMs, tookBeforeMs), LONGEST_MS);
}

/** The same where nothing is urgent. */
export function nextPollIn(pollMs: number, tookMs: number, tookBeforeMs: number, hidden: boolean): number {
  const wanted = Math.max(pollMs - tookMs, leastPause(tookMs, tookBeforeMs), 50);
  return hidden ? Math.max(wanted, HIDDEN_MS) : wanted;
}

/** After `failures` polls in a row that failed: soon at first, then every five seconds. */
export function retryIn(failures: number): number {
  return Math.min(5000, 250 * 2 ** Math.min(failures, 10));
}

export type Contact = 'live' | 'stale' | 'lost';

export interface Freshness {
  /** performance.now() of the last good answer; null before the first. */
  lastGood: number | null;
  /** What is between two polls at present. */
  interval: number;
  failures: number;
}

export function contact({ lastGood, interval, failures }: Freshness, now: number): Contact {
  if (lastGood === null) return failures > 0 ? 'lost' : 'live';
  if (now - lastGood <= 3 * interval) return 'live';
  return failures > 0 ? 'lost' : 'stale';
}

/** Wall-clock time of the server, kept by the page's own monotonic clock. */
export class ServerClock {
  #offset = 0;
  #known = false;

  set(iso: string, now: number): void {
    const at = Date.parse(iso);
    if (Number.isNaN(at)) return;
    this.#offset = at - now;
    this.#known = true;
  }

  /** ms since the epoch at performance.now() = `now`. */
  at(now: number): number {
    return this.#known ? this.#offset + now : Date.now();
  }
}
