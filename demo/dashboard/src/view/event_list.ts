import { hook } from '../hooks';
import type { Entry } from '../model/journal';
import { h } from './dom';
import { EventRow } from './event_row';

const OVERSCAN = 6;

/** A list of events, newest first, of which only the visible rows are in the document. */
export class EventList {
  readonly root: HTMLElement;
  readonly #list = h('ol', { class: 'event-rows', attrs: { role: 'list' } });
  readonly #rows: EventRow[] = [];
  readonly #narrow = matchMedia('(max-width: 760px)');
  #entries: readonly Entry[] = [];
  #newest = 0;
  #framed = false;

  constructor(label: string) {
    this.root = h('div', { class: 'events', testid: hook.events, attrs: { tabindex: '0', role: 'region', 'aria-label': label } }, this.#list);
    this.root.addEventListener('scroll', () => this.#soon(), { passive: true });
    new ResizeObserver(() => this.#soon()).observe(this.root);
  }

  get #pitch(): number {
    return this.#narrow.matches ? 58 : 32;
  }

  /** `entries` are oldest first, as they came. Who reads further down is not moved. */
  show(entries: readonly Entry[]): void {
    const before = this.#newest;
    this.#entries = entries;
    this.#newest = entries[entries.length - 1]?.number ?? 0;
    const { root } = this;
    if (root.scrollTop > 4 && before > 0) {
      let fresh = 0;
      while (fresh < entries.length && entries[entries.length - 1 - fresh]!.number > before) fresh++;
      this.#fill();
      if (fresh > 0) root.scrollTop += fresh * this.#pitch;
    }
    this.#fill();
  }

  /** What is shown next are others: from the start. */
  toNewest(): void {
    this.root.scrollTop = 0;
  }

  #soon(): void {
    if (this.#framed) return;
    this.#framed = true;
    requestAnimationFrame(() => {
      this.#framed = false;
      this.#fill();
    });
  }

  #fill(): void {
    const { root } = this;
    const entries = this.#entries;
    const pitch = this.#pitch;
    const height = root.clientHeight;
    if (height === 0) return;
    this.#list.style.height = `${entries.length * pitch}px`;
    const first = Math.max(0, Math.floor(root.scrollTop / pitch) - OVERSCAN);
    const last = Math.min(entries.length, Math.ceil((root.scrollTop + height) / pitch) + OVERSCAN);
    while (this.#rows.length < last - first) {
      const row = new EventRow();
      this.#rows.push(row);
      this.#list.append(row.root);
    }
    while (this.#rows.length > Math.max(0, last - first)) this.#rows.pop()!.root.remove();
    for (let i = first; i < last; i++) {
      const row = this.#rows[i - first]!;
      row.show(entries[entries.length - 1 - i]!);
      row.root.style.transform = `translateY(${i * pitch}px)`;
      row.root.style.height = `${pitch}px`;
      row.root.setAttribute('aria-setsize', String(entries.length));
      row.root.setAttribute('aria-posinset', String(i + 1));
    }
  }
}
