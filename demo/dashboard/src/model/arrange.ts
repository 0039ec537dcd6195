import type { Health, State } from '../api';
import { STATES } from '../api';
import type { Item } from './fleet';

// Which breakers the wall shows, and in which order.

export type SortKey = 'tool' | 'rate' | 'failures' | 'rejections' | 'p95' | 'trips' | 'changed';

export const SORTS: readonly { key: SortKey; label: string }[] = [
  { key: 'tool', label: 'Name' },
  { key: 'rate', label: 'Calls per second' },
  { key: 'failures', label: 'Failures per second' },
  { key: 'rejections', label: 'Rejections per second' },
  { key: 'p95', label: 'Latency (p95)' },
  { key: 'trips', label: 'Trips' },
  { key: 'changed', label: 'Last change' },
];

export interface Wish {
  text: string;
  state: State | 'all';
  health: Health | 'all' | 'by_hand';
  sort: SortKey;
}

export const NO_WISH: Wish = { text: '', state: 'all', health: 'all', sort: 'tool' };

export interface Group {
  state: State;
  items: Item[];
}

/** `wish.text` is in lower case. */
function matches(item: Item, wish: Wish): boolean {
  if (wish.state !== 'all' && item.state !== wish.state) return false;
  if (wish.health === 'by_hand') {
    if (item.mode === 'automatic') return false;
  } else if (wish.health !== 'all' && item.health !== wish.health) {
    return false;
  }
  return wish.text === '' || item.lower.includes(wish.text);
}

/** Groups by state, in the order open, half-open, closed; none is left out. */
export function arrange(items: readonly Item[], wish: Wish): Group[] {
  const groups = STATES.map((state): Group => ({ state, items: [] }));
  const sought = { ...wish, text: wish.text.trim().toLowerCase() };
  for (const item of items) {
    if (matches(item, sought)) groups[STATES.indexOf(item.state)]!.items.push(item);
  }
  const key = SORTING[wish.sort];
  for (const group of groups) {
    if (key) group.items.sort((a, b) => key(b) - key(a) || byName(a, b));
    else group.items.sort(byName);
  }
  return groups;
}

function byName(a: Item, b: Item): number {
  return a.lower < b.lower ? -1 : a.lower > b.lower ? 1 : a.id < b.id ? -1 : 1;
}

const SORTING: Record<SortKey, ((item: Item) => number) | null> = {
  tool: null,
  rate: (item) => item.live.calls || 0,
  failures: (item) => item.live.failures || 0,
  rejections: (item) => item.live.rejections || 0,
  p95: (item) => item.live.p95_ms || -1,
  trips: (item) => item.trips,
  changed: (item) => (item.last_change === null ? 0 : -item.time_in_state_ms + 1e15),
};
