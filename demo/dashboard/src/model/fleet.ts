import type { State } from '../api';
import type { Frame, Reading } from './frame';
import { blankReading, readFrame } from './frame';
import { Trail } from './trail';

/** A breaker as the wall knows it. */
export interface Item extends Reading {
  readonly id: string;
  readonly tool: string;
  /** For the search, which is made at each key. */
  readonly lower: string;
  readonly trail: Trail;
  /** performance.now() of the poll; countdowns go on from it. */
  seen: number;
  /** performance.now() of the last change of state that this page saw, or 0. */
  changed: number;
  /** performance.now() of the last change that came as an event, or 0. */
  heard: number;
}

export interface StateChange {
  item: Item;
  from: State;
  to: State;
}

/** A change of state as an event tells of it. */
export interface Heard {
  to: State;
  epoch: number;
  reason: string;
  /** Of a trip, in words; else empty. */
  cause: string;
}

export interface Totals {
  count: number;
  states: Record<State, number>;
  calls: number;
  failures: number;
  rejections: number;
  trips: number;
}

// A poll that was under way when an event came is older than that. Not for
// longer: a breaker that is made anew counts its epochs from the start.
const EVENT_HOLDS_MS = 2000;

/** All breakers, as of the last poll and the changes of state since. */
export class Fleet {
  items: Item[] = [];
  #byId = new Map<string, Item>();
  /** Grows when a breaker came, went or moved to another state. */
  shape = 0;

  get(id: string): Item | undefined {
    return this.#byId.get(id);
  }

  /** Takes over a poll; tells which states changed. `now` is performance.now(). */
  apply(frame: Frame, now: number): StateChange[] {
    if (frame.names) this.#rename(frame.names);
    const changes: StateChange[] = [];
    for (const { index, texts } of frame.texts) {
      const item = this.items[index];
      if (item) Object.assign(item, texts);
    }
    const second = now / 1000;
    for (let i = 0; i < this.items.length; i++) {
      const item = this.items[i]!;
      const fresh = item.seen === 0;
      const { state: from, epoch } = item;
      readFrame(frame, i, item);
      if (item.epoch < epoch && now - item.heard < EVENT_HOLDS_MS) {
        item.state = from;
        item.epoch = epoch;
      }
      item.seen = now;
      const { calls, failures, rejections } = item.live;
      item.trail.add(second, Math.max(0, calls - failures), failures, rejections);
      if (!fresh && from !== item.state) {
        item.changed = now;
        changes.push({ item, from, to: item.state });
      }
    }
    if (frame.names || changes.length > 0) this.shape++;
    return changes;
  }

  /** Takes over a change of state that is newer than the last poll; tells if it is one. */
  hear(id: string, { to, epoch, reason, cause }: Heard, now: number): StateChange | null {
    const item = this.#byId.get(id);
    if (!item || !(epoch > item.epoch)) return null;
    item.last_reason = reason;
    if (to === 'open' && cause !== '') item.why = cause;
    const from = item.state;
    item.epoch = epoch;
    item.heard = now;
    if (to === from) return null;
    item.state = to;
    item.changed = now;
    item.time_in_state_ms = 0;
    item.retry_after_ms = 0; // the next poll knows
    item.seen = now;
    this.shape++;
    return { item, from, to };
  }

  #rename(names: readonly { tool: string; id: string }[]): void {
    const before = this.#byId;
    this.#byId = new Map();
    this.items = names.map(({ tool, id }) => {
      const item = before.get(id) ?? {
        ...blankReading(), id, tool, lower: tool.toLowerCase(), trail: new Trail(), seen: 0, changed: 0, heard: 0,
      };
      this.#byId.set(id, item);
      return item;
    });
  }

  clear(): void {
    this.items = [];
    this.#byId = new Map();
    this.shape++;
  }

  totals(): Totals {
    const result: Totals = {
      count: this.items.length, states: { open: 0, half_open: 0, closed: 0 },
      calls: 0, failures: 0, rejections: 0, trips: 0,
    };
    for (const item of this.items) {
      result.states[item.state]++;
      result.calls += item.live.calls || 0;
      result.failures += item.live.failures || 0;
      result.rejections += item.live.rejections || 0;
      result.trips += item.trips;
    }
    return result;
  }
}

/** What a countdown needs: the poll's numbers and when they came. */
export type Timed = Pick<Item, 'state' | 'mode' | 'retry_after_ms' | 'time_in_state_ms' | 'seen'>;

/** Milliseconds to the next probe, now; null where none is to come by itself. */
export function untilProbe(item: Timed, now: number): number | null {
  if (item.state !== 'open' || item.mode === 'isolated' || !(item.retry_after_ms > 0)) return null;
  return Math.max(0, item.retry_after_ms - (now - item.seen));
}
