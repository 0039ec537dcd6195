import type { EventData } from '../api';

export type Severity = 'debug' | 'info' | 'warn';

/** An event as the log shows it. */
export interface Entry {
  /** Grows from entry to entry of this page. */
  number: number;
  at: string;
  tool: string;
  id: string | null;
  kind: string;
  severity: Severity;
  text: string;
  lower: string;
  data: EventData;
}

export interface EntryWish {
  tool: string | null;
  text: string;
  kind: string;
  severity: Severity | 'all';
}

export const KINDS: readonly { key: string; label: string }[] = [
  { key: 'all', label: 'All kinds' },
  { key: 'changes', label: 'Changes' },
  { key: 'calls', label: 'Calls' },
  { key: 'admin', label: 'By hand' },
  { key: 'state_transition', label: 'State changes' },
  { key: 'call_failed', label: 'Failed calls' },
  { key: 'call_rejected', label: 'Rejected calls' },
  { key: 'config_changed', label: 'Settings changed' },
  { key: 'mode_changed', label: 'Mode changed' },
  { key: 'alert_changed', label: 'Alerts' },
  { key: 'breaker_restarted', label: 'Restarts' },
];

const RANK: Record<Severity, number> = { debug: 0, info: 1, warn: 2 };

export function entryMatches(entry: Entry, wish: EntryWish): boolean {
  if (wish.tool !== null && entry.id !== wish.tool) return false;
  if (wish.severity !== 'all' && RANK[entry.severity] < RANK[wish.severity]) return false;
  if (wish.kind === 'calls') {
    if (!entry.kind.startsWith('call_')) return false;
  } else if (wish.kind === 'changes') {
    if (entry.kind.startsWith('call_') || entry.kind === 'admin' || entry.kind === 'missed') return false;
  } else if (wish.kind !== 'all' && entry.kind !== wish.kind) {
    return false;
  }
  return wish.text === '' || entry.lower.includes(wish.text.toLowerCase());
}

/** The number in an event's id, "<instance>-<n>"; null if it is none of `instance`. */
export function eventNumber(id: string, instance: string): number | null {
  const cut = id.lastIndexOf('-');
  if (cut < 0 || id.slice(0, cut) !== instance) return null;
  const number = Number(id.slice(cut + 1));
  return Number.isInteger(number) ? number : null;
}

/** The events that the page keeps: the newest so many, each once. */
export class Journal {
  entries: Entry[] = [];
  /** How many were let go because newer ones came. */
  dropped = 0;
  #count = 0;
  #instance = '';
  #last = 0;

  readonly #limit: number;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** After a reconnect the server may send again what came before. */
  isNew(id: string): boolean {
    const cut = id.lastIndexOf('-');
    const instance = id.slice(0, Math.max(0, cut));
    if (instance !== this.#instance) {
      this.#instance = instance;
      this.#last = 0;
    }
    const number = eventNumber(id, instance);
    if (number === null) return true;
    if (number <= this.#last) return false;
    this.#last = number;
    return true;
  }

  add(batch: readonly { type: string; data: EventData }[]): void {
    for (const { type, data } of batch) this.entries.push(this.#entry(type, data));
    const excess = this.entries.length - this.#limit;
    if (excess <= 0) return;
    this.entries.splice(0, excess);
    this.dropped += excess;
  }

  #entry(type: string, data: EventData): Entry {
    const kind = type === 'admin' || type === 'missed' ? type : String(data.kind ?? type);
    const text = type === 'admin' ? adminText(data) : String(data.text ?? kind);
    const tool = typeof data.tool === 'string' ? data.tool : '';
    const severity = data.severity === 'debug' || data.severity === 'warn' ? data.severity
      : type === 'admin' && data.outcome === 'refused' ? 'warn' : 'info';
    return {
      number: ++this.#count, at: String(data.at ?? ''), tool, id: typeof data.id === 'string' ? data.id : null,
      kind, severity, text, lower: `${tool}\n${text}`.toLowerCase(), data,
    };
  }

  clear(): void {
    this.entries = [];
    this.dropped = 0;
  }
}

// The text begins with what was done, mostly.
function adminText(data: EventData): string {
  const what = String(data.what ?? '');
  const text = String(data.text ?? '');
  const said = text.startsWith(what) ? text : text === '' ? what : `${what}: ${text}`;
  return `${String(data.who ?? 'somebody')}: ${said}${data.outcome === 'refused' ? ' (refused)' : ''}`;
}
