import type { Timed } from '../model/fleet';
import { untilProbe } from '../model/fleet';
import { remaining, span } from '../model/format';

/** What a breaker waits for, in a few words; computed between polls, so `now` is the page's clock. */
export function waitText(item: Timed, now: number): string {
  const age = item.time_in_state_ms + (now - item.seen);
  switch (item.state) {
    case 'open': {
      if (item.mode === 'isolated') return `isolated for ${span(age)}`;
      const left = untilProbe(item, now);
      if (left === null) return `open for ${span(age)}`;
      return left > 0 ? `probes in ${remaining(left)}` : 'probes now';
    }
    case 'half_open':
      return `probing for ${span(age)}`;
    case 'closed':
      return `closed for ${span(age)}`;
  }
}
