import type { Detail, Info } from '../api';
import { STATES } from '../api';
import type { StateChange } from '../model/fleet';
import { Fleet } from '../model/fleet';
import type { Contact } from '../model/pace';
import { ServerClock, contact, leastPause, nextPollIn, retryIn } from '../model/pace';
import { Decoder } from './decoder';
import { ApiError, breakerPath, json, request } from './http';
import { Signal } from './signal';
import type { Told } from './stream';

const LIMIT = 10_000;
const INFO_EVERY_MS = 2500;
// Older events are told again after a reconnect: the polls know better by now.
const NEWS_MS = 10_000;

/** Asks the server again and again, one question at a time, and knows how old the answers are. */
export class Poller {
  readonly fleet = new Fleet();
  readonly clock = new ServerClock();
  info: Info | null = null;
  /** How many breakers there are; more than are listed if there are very many. */
  total = 0;

  readonly polled = new Signal<StateChange[]>();
  readonly informed = new Signal<Info>();
  readonly detailed = new Signal<{ id: string; detail: Detail | null }>();
  readonly restarted = new Signal();
  readonly contactChanged = new Signal<Contact>();

  lastGood: number | null = null;
  /** Wall-clock time of the last good answer, by this computer's clock. */
  lastGoodAt = 0;
  contact: Contact = 'live';
  #interval = 1000;
  #failures = 0;
  #watched: string | null = null;
  #decoder = new Decoder();
  #timer = 0;
  #running = false;
  #again = false;
  #infoAt = -Infinity;
  #lastTook = 0;
  #tookBefore = 0;
  #lastEnd = 0;

  start(): void {
    void this.#run();
    setInterval(() => this.#judge(), 250);
    document.addEventListener('visibilitychange', () => {
      if (!document.hidden) this.soon();
    });
  }

  /** The breaker whose page is open is asked for in full. */
  watch(id: string | null): void {
    this.#watched = id;
    if (id !== null) this.soon();
  }

  /** Something happened: asks earlier than planned, but never without a pause. */
  soon(): void {
    if (document.hidden) return; // nobody looks
    if (this.#running) {
      this.#again = true;
      return;
    }
    const pause = Math.max(100, leastPause(this.#lastTook, this.#tookBefore));
    this.#plan(Math.max(0, this.#lastEnd + pause - performance.now()));
  }

  /** Somebody changed something, maybe what a control shows. */
  somethingChanged(): void {
    this.#infoAt = -Infinity;
    this.soon();
  }

  /** What the viewer did is shown at once: that is rare, and it is what is being looked for. */
  afterAction(): void {
    this.#infoAt = -Infinity;
    if (this.#running) this.#again = true;
    else this.#plan(0);
  }

  /** The events' stream says which process it belongs to. */
  sawInstance(instance: string): void {
    if (this.info && this.info.instance !== instance) {
      this.#infoAt = -Infinity;
      this.soon();
    }
  }

  #plan(pause: number): void {
    clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => void this.#run(), pause);
  }

  async #run(): Promise<void> {
    if (this.#running) return;
    this.#running = true;
    this.#again = false;
    const start = performance.now();
    try {
      await this.#ask();
      this.#failures = 0;
    } catch {
      this.#failures++;
      this.#infoAt = -Infinity;
    }
    this.#running = false;
    this.#lastEnd = performance.now();
    this.#tookBefore = this.#lastTook;
    this.#lastTook = this.#lastEnd - start;
    this.#judge();
    const pollMs = this.info?.poll_ms ?? 1000;
    const pause = this.#failures > 0 ? retryIn(this.#failures) : nextPollIn(pollMs, this.#lastTook, this.#tookBefore, document.hidden);
    if (this.#failures === 0) this.#interval = pause + Math.min(this.#lastTook, this.#tookBefore);
    this.#plan(pause);
    if (this.#again && this.#failures === 0) this.soon();
  }

  async #ask(): Promise<void> {
    if (performance.now() - this.#infoAt >= INFO_EVERY_MS) await this.#askInfo();
    // First, because the list may be long.
    if (this.#watched !== null) await this.#askDetail(this.#watched);
    const timeoutMs = Math.max(5000, 3 * this.#interval);
    const response = await request(`api/circuit_breakers?limit=${LIMIT}`, { timeoutMs });
    const bytes = await response.arrayBuffer();
    const sent = performance.now();
    const frame = await this.#decoder.decode(bytes);
    this.total = Number(response.headers.get('X-Total-Count') ?? frame.count);
    const changes = this.fleet.apply(frame, sent);
    this.#good();
    this.polled.emit(changes);
  }

  /** A state that lasts no longer than the time between two polls is seen, too. */
  hear(told: readonly Told[]): void {
    const now = performance.now();
    const changes: StateChange[] = [];
    for (const { type, data } of told) {
      const to = STATES.find((state) => state === data['transition.to']);
      if (type !== 'change' || to === undefined || Date.parse(data.at) < this.clock.at(now) - NEWS_MS) continue;
      const reason = String(data['transition.reason'] ?? '');
      const cause = String(data['cause'] ?? '');
      const change = this.fleet.hear(String(data.id), { to, epoch: Number(data.epoch), reason, cause }, now);
      if (change) changes.push(change);
    }
    if (changes.length > 0) this.polled.emit(changes);
  }

  async #askInfo(): Promise<void> {
    const info = await json<Info>('api/info', { timeoutMs: 5000 });
    const now = performance.now();
    this.#infoAt = now;
    this.clock.set(info.now, now);
    const before = this.info?.instance;
    this.info = info;
    if (before !== undefined && before !== info.instance) {
      this.fleet.clear();
      this.#decoder.forget();
      this.restarted.emit();
    }
    this.informed.emit(info);
  }

  async #askDetail(id: string): Promise<void> {
    try {
      const detail = await json<Detail>(breakerPath(id));
      this.#good();
      this.detailed.emit({ id, detail });
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 404) throw error;
      this.detailed.emit({ id, detail: null });
    }
  }

  #good(): void {
    this.lastGood = performance.now();
    this.lastGoodAt = Date.now();
  }

  #judge(): void {
    const interval = document.hidden ? Math.max(this.#interval, 10_000) : this.#interval;
    const now = contact({ lastGood: this.lastGood, interval, failures: this.#failures }, performance.now());
    if (now === this.contact) return;
    this.contact = now;
    this.contactChanged.emit(now);
  }
}
