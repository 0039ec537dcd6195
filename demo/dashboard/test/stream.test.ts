import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { Stream } from '../src/live/stream';

class Source extends EventTarget {
  static readonly CLOSED = 2;
  static all: Source[] = [];
  readyState = 1;
  onopen: (() => void) | null = null;
  onerror: (() => void) | null = null;

  constructor(readonly address: string) {
    super();
    Source.all.push(this);
  }

  static get open(): Source[] {
    return Source.all.filter(({ readyState }) => readyState === 1);
  }

  tell(type: string, data: object, lastEventId = ''): void {
    this.dispatchEvent(new MessageEvent(type, { data: JSON.stringify(data), lastEventId }));
  }

  /** As after an answer that is no stream. */
  fail(): void {
    this.readyState = Source.CLOSED;
    this.onerror?.();
  }

  close(): void {
    this.readyState = Source.CLOSED;
  }
}

const visible = () => Object.assign(new EventTarget(), { hidden: false });
let page = visible();

function look(away: boolean): void {
  page.hidden = away;
  page.dispatchEvent(new Event('visibilitychange'));
}

function opened(): { stream: Stream; told: string[] } {
  const stream = new Stream('events');
  const told: string[] = [];
  stream.hello.on(({ instance }) => told.push(`hello ${instance}`));
  stream.batch.on((batch) => told.push(batch.map(({ type, data }) => `${type} ${data.text}`).join(', ')));
  stream.open();
  return { stream, told };
}

beforeEach(() => {
  vi.useFakeTimers();
  page = visible();
  Source.all = [];
  vi.stubGlobal('document', page);
  vi.stubGlobal('window', globalThis);
  vi.stubGlobal('EventSource', Source);
  vi.stubGlobal('requestAnimationFrame', (next: () => void) => setTimeout(next, 16));
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

describe('the stream of events', () => {
  it('hands on once a frame what came', () => {
    const { told } = opened();
    Source.all[0]!.tell('change', { text: '1' }, 'a-1');
    Source.all[0]!.tell('call', { text: '2' }, 'a-2');
    expect(told).toEqual([]);
    vi.advanceTimersByTime(20);
    expect(told).toEqual(['change 1, call 2']);
  });

  it('tells what an earlier process sent before it greets the next one', () => {
    const { told } = opened();
    Source.all[0]!.tell('change', { text: 'last words' }, 'a-1');
    Source.all[0]!.tell('hello', { instance: 'b' });
    Source.all[0]!.tell('change', { text: 'first words' }, 'b-1');
    vi.advanceTimersByTime(40);
    expect(told).toEqual(['change last words', 'hello b', 'change first words']);
  });

  it('says how many were missed', () => {
    const { told } = opened();
    Source.all[0]!.tell('missed', { count: 1 });
    Source.all[0]!.tell('missed', { count: 4321 });
    vi.advanceTimersByTime(20);
    expect(told).toEqual(['missed 1 event was missed, missed 4\u202f321 events were missed']);
  });

  it('resumes where it was after an answer that is no stream', () => {
    opened();
    Source.all[0]!.tell('change', { text: '' }, 'a-7');
    Source.all[0]!.fail();
    vi.advanceTimersByTime(1000);
    expect(Source.open.map(({ address }) => address)).toEqual(['events?last_event_id=a-7']);
  });

  it('is given back by a tab that nobody looks at for a while, and taken up again', () => {
    opened();
    look(true);
    vi.advanceTimersByTime(59_000);
    expect(Source.open).toHaveLength(1);
    vi.advanceTimersByTime(2000);
    expect(Source.open).toHaveLength(0);
    look(false);
    expect(Source.open).toHaveLength(1);
  });

  it('stays open for who has come back in time, although it failed meanwhile', () => {
    opened();
    look(true);
    Source.all[0]!.fail();
    vi.advanceTimersByTime(10_000);
    look(false);
    vi.advanceTimersByTime(120_000);
    expect(Source.open).toHaveLength(1);
  });
});
