import { hook } from '../hooks';
import type { App } from '../live/app';
import { arrange } from '../model/arrange';
import type { ControlGroup } from '../model/controls';
import { controlsOf } from '../model/controls';
import type { Item } from '../model/fleet';
import { whole } from '../model/format';
import { gridFor, type Grid } from '../model/virtual';
import { NOT_WRITABLE } from '../model/words';
import { ControlGroups, type Press } from './control_group';
import { h, setText, show } from './dom';
import type { Operator } from './operator';
import { Toolbar } from './toolbar';
import { WallList } from './wall_list';

/** So few can show their controls on the wall. */
const FEW = 12;
/** Narrower rows have two lines. */
const NARROW = 760;
/** An order by numbers that move is taken anew only so often, or nobody could read it. */
const REORDER_MS = 3000;

/** The page with all breakers. */
export class Wall {
  readonly root: HTMLElement;
  readonly #toolbar: Toolbar;
  readonly #list: WallList;
  readonly #noBreakers = h('div', { class: 'empty' },
    h('h2', { text: 'No breakers yet' }),
    h('p', { text: 'A breaker appears here as soon as the program asks the runtime for one:' }),
    h('pre', {}, h('code', { text: 'auto db = rt.breaker("database");' })),
    h('p', { text: 'The page keeps looking; there is no need to reload it.' }));
  readonly #ofHowMany = h('p');
  readonly #noMatch = h('div', { class: 'empty' },
    h('h2', { text: 'No match' }), this.#ofHowMany,
    h('button', { text: 'Show all', attrs: { type: 'button' }, on: { click: () => this.#toolbar.clear() } }));
  readonly #cut = h('p', { class: 'hint' });
  readonly #resetAll: HTMLButtonElement;
  readonly #shared: ControlGroups;
  #shape = -1;
  #wishes = 0;
  #arrangedWishes = -1;
  #arrangedAt = 0;
  #width = 0;
  #top = 0;
  #scrolled = 0;
  #mounted = false;
  #framed = false;
  #last: string | null = null;

  readonly #app: App;
  readonly #operator: Operator;

  constructor(app: App, operator: Operator) {
    this.#app = app;
    this.#operator = operator;
    this.#resetAll = h('button', {
      class: 'end', text: 'Reset all…', testid: hook.action('reset_all'), attrs: { type: 'button' },
      on: { click: () => void operator.resetAll() },
    });
    this.#toolbar = new Toolbar(() => {
      this.#wishes++;
      this.#render();
    }, this.#resetAll);
    const press: Press = (id, label) => operator.control(id, label);
    this.#shared = new ControlGroups(press, true);
    this.#list = new WallList(press, (item) => this.#controlsFor(item));
    this.root = h('div', { class: 'wall-page' },
      h('h1', { class: 'unseen', text: 'Circuit breakers' }), this.#toolbar.root, this.#shared.root,
      this.#noBreakers, this.#noMatch, this.#list.root, this.#cut);
    app.poller.polled.on(() => this.#update());
    app.poller.informed.on(() => this.#update());
    app.poller.restarted.on(() => this.#update());
    app.session.changed.on(() => this.#update());
    addEventListener('scroll', () => this.#frame(), { passive: true });
    addEventListener('resize', () => this.#frame());
    new ResizeObserver(() => this.#render()).observe(this.root);
    setInterval(() => {
      if (this.#mounted && !document.hidden) this.#list.tick(performance.now());
    }, 100);
  }

  mount(): void {
    this.#mounted = true;
    this.#shape = -1;
    this.#update();
    scrollTo({ top: this.#scrolled, behavior: 'instant' });
    this.#list.fill();
    if (this.#last !== null) this.#list.focus(this.#last);
  }

  /** Remembers where it was; Back leads there. */
  unmount(opened: string | null): void {
    this.#mounted = false;
    this.#last = opened;
  }

  focusSearch(): void {
    this.#toolbar.search.focus();
    this.#toolbar.search.select();
  }

  focusWall(): void {
    this.#list.focusFirst();
  }

  toggleDensity(): void {
    this.#toolbar.toggleDensity();
  }

  #frame(): void {
    if (this.#mounted) this.#scrolled = scrollY;
    if (this.#framed || !this.#mounted) return;
    this.#framed = true;
    requestAnimationFrame(() => {
      this.#framed = false;
      if (this.#mounted) this.#list.fill();
    });
  }

  #update(): void {
    if (!this.#mounted || document.hidden) return;
    const { info } = this.#app.poller;
    const { allowed } = this.#operator;
    this.#resetAll.disabled = !allowed;
    this.#resetAll.title = allowed ? '' : NOT_WRITABLE;
    this.#shared.update(controlsOf(info?.controls ?? [], null), allowed);
    this.#render();
    this.#list.refresh(performance.now());
  }

  #controlsFor(item: Item): { groups: ControlGroup[]; allowed: boolean } {
    const { info, fleet } = this.#app.poller;
    if (!info?.controls || !this.#withControls(fleet.items.length)) return { groups: [], allowed: false };
    return { groups: controlsOf(info.controls, item.tool), allowed: info.writable };
  }

  #withControls(count: number): boolean {
    return this.#toolbar.density === 'cards' && count <= FEW
      && (this.#app.poller.info?.controls ?? []).some(({ tool }) => tool !== null);
  }

  #render(): void {
    if (!this.#mounted) return;
    const { fleet, total } = this.#app.poller;
    const width = this.#list.root.clientWidth;
    if (width === 0) return;
    const top = this.#list.root.getBoundingClientRect().top + scrollY;
    const now = performance.now();
    const busy = this.#list.root.matches(':hover, :focus-within');
    const stale = this.#toolbar.wish.sort !== 'tool' && !busy && now - this.#arrangedAt > REORDER_MS;
    if (fleet.shape === this.#shape && this.#wishes === this.#arrangedWishes
      && width === this.#width && top === this.#top && !stale) return;
    this.#shape = fleet.shape;
    this.#arrangedWishes = this.#wishes;
    this.#arrangedAt = now;
    this.#width = width;
    this.#top = top;
    const rows = this.#toolbar.density === 'rows';
    this.#list.root.classList.toggle('rows', rows);
    this.#list.root.classList.toggle('narrow', rows && width < NARROW);
    const groups = arrange(fleet.items, this.#toolbar.wish);
    const shown = groups.reduce((sum, { items }) => sum + items.length, 0);
    this.#explain(shown, fleet.items.length, total);
    this.#list.arrange(groups, this.#grid(width), top);
  }

  // The sizes are those of the style sheet.
  #grid(width: number): Grid {
    if (this.#toolbar.density === 'rows') return gridFor(width, width, width < NARROW ? 64 : 44, 4);
    const [cardWidth, cardHeight] = this.#withControls(this.#app.poller.fleet.items.length) ? [392, 216] : [340, 172];
    return gridFor(width, Math.min(width, cardWidth), cardHeight, 12);
  }

  #explain(shown: number, count: number, total: number): void {
    show(this.#noBreakers, count === 0 && this.#app.poller.lastGood !== null);
    show(this.#noMatch, shown === 0 && count > 0);
    setText(this.#ofHowMany, count === 1 ? 'The only breaker does not match.' : `None of the ${whole(count)} breakers matches.`);
    show(this.#cut, total > count);
    setText(this.#cut, `The first ${whole(count)} of ${whole(total)} breakers are shown.`);
  }
}
