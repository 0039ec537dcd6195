import type { App } from '../live/app';
import { recall, remember } from '../live/storage';
import { h, show } from './dom';
import { EventList } from './event_list';
import { EventRow } from './event_row';
import { icon } from './symbols';

const KEY = 'switchgear.strip';

/** The log at the foot of the wall: its newest line, or a few of them. */
export class Strip {
  readonly root: HTMLElement;
  readonly #toggle: HTMLButtonElement;
  readonly #list = new EventList('Newest events');
  readonly #newest = new EventRow();
  readonly #line: HTMLElement;
  #open = recall('localStorage', KEY) === 'open';
  #waiting = false;

  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
    this.#toggle = h('button', { class: 'quiet square', attrs: { type: 'button' }, on: { click: () => this.#setOpen(!this.#open) } });
    this.#line = h('ol', { class: 'event-rows single', attrs: { role: 'list' } }, this.#newest.root);
    // One line is no list: tests and screen readers look for lists where they are open.
    this.#newest.root.removeAttribute('data-testid');
    this.root = h('aside', { class: 'strip', attrs: { 'aria-label': 'Events' } },
      h('div', { class: 'strip-top' }, this.#toggle, h('a', { class: 'strip-title', text: 'Events', attrs: { href: '#/events' } }), this.#line),
      this.#list.root);
    app.journaled.on(() => this.#soon());
    this.#setOpen(this.#open);
  }

  #setOpen(open: boolean): void {
    this.#open = open;
    remember('localStorage', KEY, open ? 'open' : 'closed');
    this.#toggle.setAttribute('aria-expanded', String(open));
    this.#toggle.setAttribute('aria-label', open ? 'Hide events' : 'Show events');
    this.#toggle.replaceChildren(icon(open ? 'down' : 'up'));
    document.body.classList.toggle('strip-open', open);
    show(this.#list.root, open);
    this.#line.classList.toggle('away', open);
    this.update();
  }

  // In a storm the newest line would be one nobody can read.
  #soon(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    setTimeout(() => {
      this.#waiting = false;
      this.update();
    }, 150);
  }

  update(): void {
    if (!this.root.isConnected) return;
    const { entries } = this.#app.journal;
    const newest = entries[entries.length - 1];
    this.#newest.root.hidden = newest === undefined;
    if (newest) this.#newest.show(newest);
    if (this.#open) this.#list.show(entries);
  }
}
