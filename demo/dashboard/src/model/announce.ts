import type { State } from '../api';
import { stateName } from './words';

/** What a screen reader is told of changes: each by name if they are few, else a summary. */
export function announcement(changes: readonly { tool: string; to: State; why: string }[]): string {
  if (changes.length === 0) return '';
  if (changes.length <= 3) {
    return changes.map(({ tool, to, why }) => {
      const name = tool.length > 60 ? tool.slice(0, 60) + '…' : tool;
      return to === 'open' && why ? `${name} is open: ${why}.` : `${name} is ${stateName[to]}.`;
    }).join(' ');
  }
  const counts = new Map<State, number>();
  for (const { to } of changes) counts.set(to, (counts.get(to) ?? 0) + 1);
  const parts = [...counts].map(([state, count]) => `${count} ${stateName[state]}`);
  return `${changes.length} breakers changed state: ${parts.join(', ')}.`;
}
