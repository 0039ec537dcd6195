import type { EventData } from '../api';
import { plural } from '../model/format';
import { Signal } from './signal';

export interface Told {
  type: string;
  id: string;
  data: EventData;
}

const TYPES = ['change', 'call', 'admin', 'missed'] as const;
const HIDDEN_FOR_MS = 60_000;
// What comes between two frames of the screen, at the most: a storm of events
// must cost neither memory nor a frozen page.
const QUEUE = 4000;

/** Events from the server, handed on once a frame. Resumes where it was. */
export class Stream {
  readonly batch = new Signal<Told[]>();
  readonly hello = new Signal<{ instance: string; now: string }>();
  #source: EventSource | null = null;
  #lastId = '';
  #queue: { type: string; id: string; text: string }[] = [];
  #skipped = 0;
  #scheduled = false;
  #tries = 0;
  #retryTimer = 0;
  #leaveTimer = 0;

  readonly #address: string;

  constructor(address: string) {
    this.#address = address;
    document.addEventListener('visibilitychange', () => this.#visibility());
  }

  open(): void {
    this.close();
    const resume = this.#lastId === '' ? '' : `?last_event_id=${encodeURIComponent(this.#lastId)}`;
    const source = new EventSource(this.#address + resume);
    this.#source = source;
    source.onopen = () => {
      this.#tries = 0;
    };
    source.onerror = () => {
      // Most losses the browser mends by itself; an answer that is no stream ends it.
      if (source.readyState !== EventSource.CLOSED || this.#source !== source) return;
      this.#source = null;
      this.#retryTimer = window.setTimeout(() => this.open(), Math.min(15_000, 1000 * 2 ** this.#tries++));
    };
    source.addEventListener('hello', (event: MessageEvent<string>) => {
      this.#flush(); // what came before it is told before it
      const data = parse(event.data);
      if (data) this.hello.emit({ instance: String(data['instance']), now: String(data['now']) });
    });
    for (const type of TYPES) {
      source.addEventListener(type, (event: MessageEvent<string>) => this.#take(type, event));
    }
  }

  close(): void {
    clearTimeout(this.#retryTimer);
    this.#source?.close();
    this.#source = null;
  }

  #take(type: string, event: MessageEvent<string>): void {
    if (event.lastEventId) this.#lastId = event.lastEventId;
    if (this.#queue.length >= QUEUE) {
      this.#queue.shift();
      this.#skipped++;
    }
    this.#queue.push({ type, id: event.lastEventId, text: event.data });
    if (this.#scheduled) return;
    this.#scheduled = true;
    // Hidden tabs have no frames.
    if (document.hidden) setTimeout(() => this.#flush(), 500);
    else requestAnimationFrame(() => this.#flush());
  }

  #flush(): void {
    if (!this.#scheduled) return;
    this.#scheduled = false;
    const queue = this.#queue;
    const skipped = this.#skipped;
    this.#queue = [];
    this.#skipped = 0;
    const told: Told[] = [];
    if (skipped > 0) told.push({ type: 'missed', id: '', data: missed(skipped) });
    for (const { type, id, text } of queue) {
      const data = parse(text);
      if (!data) continue;
      told.push({ type, id: type === 'missed' ? '' : id, data: type === 'missed' ? missed(Number(data['count'])) : data });
    }
    this.batch.emit(told);
  }

  // A browser allows few connections to a server: a tab that nobody looks at gives its own back.
  #visibility(): void {
    clearTimeout(this.#leaveTimer);
    if (document.hidden) this.#leaveTimer = window.setTimeout(() => this.close(), HIDDEN_FOR_MS);
    else if (!this.#source) this.open();
  }
}

function missed(count: number): EventData {
  return {
    at: new Date().toISOString(), tool: null, id: null, severity: 'warn',
    text: `${plural(count, 'event was', 'events were')} missed`, count,
  };
}

function parse(text: string): EventData | null {
  try {
    const data: unknown = JSON.parse(text);
    return typeof data === 'object' && data !== null ? data as EventData : null;
  } catch {
    return null;
  }
}
