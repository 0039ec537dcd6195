import type { State } from '../api';
import { stateName, toolName } from './words';

interface Change {
  id: string;
  tool: string;
  to: State;
  why: string;
}

/** What a screen reader is told of changes: where breakers are now, each by name if they are few, else a summary. */
export function announcement(changes: readonly Change[]): string {
  const latest = [...new Map(changes.map((each) => [each.id, each])).values()];
  if (latest.length <= 3) {
    return latest.map(({ tool, to, why }) => {
      const name = tool.length > 60 ? tool.slice(0, 60) + '…' : toolName(tool);
      return to === 'open' && why ? `${name} is open: ${why}.` : `${name} is ${stateName[to]}.`;
    }).join(' ');
  }
  const counts = new Map<State, number>();
  for (const { to } of latest) counts.set(to, (counts.get(to) ?? 0) + 1);
  const parts = [...counts].map(([state, count]) => `${count} ${stateName[state]}`);
  return `${latest.length} breakers changed state: ${parts.join(', ')}.`;
}
