import type { Health, Mode, State, Summary } from '../api';
import { HEALTHS, MODES, STATES } from '../api';

// A poll of thousands of breakers is megabytes of JSON. It is read away from
// the page's thread (see decoder.ts) and handed over as one block of numbers,
// which moves without a copy, and those texts only that have changed.

const NUMBERS = [
  'success_rate', 'failure_rate', 'trips', 'total_calls', 'total_successes', 'total_failures',
  'total_rejected', 'total_timeouts', 'total_ignored', 'consecutive_failures',
  'consecutive_successes', 'window_calls', 'window_failures', 'window_failure_rate',
  'calls_under_way', 'probes_out', 'probes_allowed', 'restarts', 'epoch', 'retry_after_ms',
  'time_in_state_ms',
] as const satisfies readonly (keyof Summary)[];

const LIVE = ['calls', 'failures', 'rejections', 'mean_ms', 'p95_ms'] as const;
const TEXTS = ['why', 'alert_reason', 'last_reason', 'last_change'] as const;

const WIDTH = 3 + NUMBERS.length + LIVE.length;

type NumberField = (typeof NUMBERS)[number];
type Texts = { why: string; alert_reason: string; last_reason: string; last_change: string | null };

export interface Frame {
  count: number;
  numbers: Float64Array<ArrayBuffer>;
  /** Who is in it, in order; null if that is as in the frame before. */
  names: { tool: string; id: string }[] | null;
  texts: { index: number; texts: Texts }[];
}

/** What the page knows of a breaker between polls; all rates are per second. */
export type Reading = { [field in NumberField]: number } & Texts & {
  state: State;
  mode: Mode;
  health: Health;
  live: { calls: number; failures: number; rejections: number; mean_ms: number; p95_ms: number };
};

/** Makes frames of polls; remembers the last one to tell what changed. */
export class FrameMaker {
  /** Null before the first: an empty list is news then, too. */
  #ids: string[] | null = null;
  #known: string[] = [];

  make(summaries: readonly Summary[]): Frame {
    const count = summaries.length;
    const numbers = new Float64Array(count * WIDTH);
    const ids = this.#ids;
    const same = ids !== null && count === ids.length && summaries.every((each, i) => each.id === ids[i]);
    if (!same) {
      this.#ids = summaries.map((each) => each.id);
      this.#known = [];
    }
    const texts: Frame['texts'] = [];
    summaries.forEach((each, index) => {
      put(numbers, index * WIDTH, each);
      const now: Texts = {
        why: each.why, alert_reason: each.alert_reason, last_reason: each.last_reason, last_change: each.last_change,
      };
      const key = TEXTS.map((field) => now[field] ?? '').join('\n');
      if (this.#known[index] === key) return;
      this.#known[index] = key;
      texts.push({ index, texts: now });
    });
    const names = same ? null : summaries.map(({ tool, id }) => ({ tool, id }));
    return { count, numbers, names, texts };
  }

  forget(): void {
    this.#ids = null;
    this.#known = [];
  }
}

// NaN stands for null: a block of numbers has no other way to say "none".
function put(numbers: Float64Array, at: number, each: Summary): void {
  numbers[at++] = STATES.indexOf(each.state);
  numbers[at++] = MODES.indexOf(each.mode);
  numbers[at++] = HEALTHS.indexOf(each.health);
  for (const field of NUMBERS) numbers[at++] = each[field] ?? NaN;
  for (const field of LIVE) numbers[at++] = each.live?.[field] ?? NaN;
}

/** Reads entry `index` of a frame into `into`, whose texts are left alone. */
export function readFrame(frame: Frame, index: number, into: Reading): void {
  const { numbers } = frame;
  let at = index * WIDTH;
  into.state = STATES[numbers[at++] ?? -1] ?? 'closed';
  into.mode = MODES[numbers[at++] ?? -1] ?? 'automatic';
  into.health = HEALTHS[numbers[at++] ?? -1] ?? 'good';
  for (const field of NUMBERS) into[field] = numbers[at++] ?? NaN;
  for (const field of LIVE) into.live[field] = numbers[at++] ?? NaN;
}

export function blankReading(): Reading {
  const reading = { state: 'closed', mode: 'automatic', health: 'excellent' } as Reading;
  for (const field of NUMBERS) reading[field] = 0;
  reading.why = reading.alert_reason = reading.last_reason = '';
  reading.last_change = null;
  reading.live = { calls: 0, failures: 0, rejections: 0, mean_ms: NaN, p95_ms: NaN };
  return reading;
}
