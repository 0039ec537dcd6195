import type { App } from '../live/app';
import { whole } from '../model/format';
import type { Entry, EntryWish } from '../model/journal';
import { KINDS, entryMatches } from '../model/journal';
import { h, setText, show, uniqueId } from './dom';
import { EventList } from './event_list';
import { icon } from './symbols';
import { choice } from './toolbar';

/** The log of events, to be searched. */
export class EventsPage {
  readonly root: HTMLElement;
  readonly #heading = h('h1', { text: 'Events', attrs: { tabindex: '-1' } });
  readonly #list = new EventList('Events, newest first');
  readonly #search: HTMLInputElement;
  readonly #pause: HTMLButtonElement;
  readonly #of = h('button', { class: 'chip foreign', title: 'Show the events of all breakers', attrs: { type: 'button' } });
  readonly #count = h('p', { class: 'hint' });
  readonly #empty = h('p', { class: 'hint', text: 'No matching events yet. They appear here as they happen.' });
  #wish: EntryWish = { tool: null, text: '', kind: 'all', severity: 'all' };
  #held: Entry[] | null = null;
  #mounted = false;

  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
    const id = uniqueId('search');
    this.#search = h('input', {
      attrs: { id, type: 'search', placeholder: 'Search', autocomplete: 'off', spellcheck: 'false' },
      on: { input: () => this.#want({ text: this.#search.value.trim() }) },
    });
    this.#pause = h('button', { attrs: { type: 'button', 'aria-pressed': 'false' }, on: { click: () => this.#togglePause() } },
      icon('pause'), h('span', { text: 'Pause' }));
    this.#of.addEventListener('click', () => {
      location.hash = '#/events';
    });
    this.root = h('div', { class: 'events-page' },
      this.#heading,
      h('div', { class: 'toolbar', attrs: { role: 'search', 'aria-label': 'Events' } },
        h('label', { class: 'search', attrs: { for: id } }, icon('search'), h('span', { class: 'unseen', text: 'Search events' }), this.#search),
        choice('Kind', KINDS.map(({ key, label }) => [key, label] as const), (kind) => this.#want({ kind })),
        choice('Severity', [['all', 'Any severity'], ['info', 'Info and up'], ['warn', 'Warnings']],
          (severity) => this.#want({ severity: severity as EntryWish['severity'] })),
        this.#of, this.#pause, this.#count),
      this.#empty, this.#list.root);
    app.journaled.on(() => this.#update());
  }

  mount(tool: string | null): void {
    this.#mounted = true;
    this.#want({ tool });
    if (document.activeElement === document.body) this.#heading.focus({ preventScroll: true });
  }

  unmount(): void {
    this.#mounted = false;
  }

  focusSearch(): void {
    this.#search.focus();
  }

  #want(part: Partial<EntryWish>): void {
    this.#wish = { ...this.#wish, ...part };
    this.#list.toNewest();
    this.#update();
  }

  #togglePause(): void {
    this.#held = this.#held ? null : [...this.#app.journal.entries];
    this.#pause.setAttribute('aria-pressed', String(this.#held !== null));
    this.#pause.replaceChildren(icon(this.#held ? 'play' : 'pause'), h('span', { text: this.#held ? 'Resume' : 'Pause' }));
    this.#update();
  }

  #update(): void {
    if (!this.#mounted) return;
    const { journal, poller } = this.#app;
    const { tool } = this.#wish;
    show(this.#of, tool !== null);
    if (tool !== null) setText(this.#of, `only ${poller.fleet.get(tool)?.tool ?? tool} ×`);
    const all = this.#held ?? journal.entries;
    const shown = all.filter((entry) => entryMatches(entry, this.#wish));
    show(this.#empty, shown.length === 0);
    const missed = this.#held ? (journal.entries[journal.entries.length - 1]?.number ?? 0) - (all[all.length - 1]?.number ?? 0) : 0;
    const gone = journal.dropped > 0 ? `, ${whole(journal.dropped)} older ones discarded` : '';
    setText(this.#count, `${whole(shown.length)} of ${whole(all.length)}${this.#held ? `, ${whole(missed)} new since the pause` : gone}`);
    this.#list.show(shown);
  }
}
