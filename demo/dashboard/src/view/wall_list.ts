import { STATES } from '../api';
import { hook } from '../hooks';
import type { ControlGroup } from '../model/controls';
import type { Group } from '../model/arrange';
import type { Item } from '../model/fleet';
import type { At, Grid, Move, Slot } from '../model/virtual';
import { place, slots, step, visible } from '../model/virtual';
import { Card } from './card';
import type { Press } from './control_group';
import { h, motionAllowed, setAttr } from './dom';
import { WallGroup } from './wall_group';

const OVERSCAN = 400;
const SPARE_CARDS = 40;
const KEYS: Record<string, Move> = {
  ArrowLeft: 'left', ArrowRight: 'right', ArrowUp: 'up', ArrowDown: 'down',
  Home: 'first', End: 'last', PageUp: 'page_up', PageDown: 'page_down',
};

/**
 * The groups and those of their cards that can be seen. Only these are in the
 * document, in the order in which they are shown; the card that has the focus
 * stays there even when it is scrolled away.
 */
export class WallList {
  readonly root = h('div', { class: 'wall', testid: hook.wall });
  readonly #sections = STATES.map((state) => new WallGroup(state));
  readonly #cards = new Map<string, Card>();
  // Those that show nothing any more, by their elements.
  readonly #pool = new Map<Node, Card>();
  #groups: Group[] = [];
  #slots: Slot[] = [];
  #grid: Grid | null = null;
  #top = 0;
  #active: string | null = null;

  readonly #press: Press;
  readonly #controlsFor: (item: Item) => { groups: ControlGroup[]; allowed: boolean };

  constructor(
    press: Press,
    controlsFor: (item: Item) => { groups: ControlGroup[]; allowed: boolean },
  ) {
    this.#press = press;
    this.#controlsFor = controlsFor;
    this.root.append(...this.#sections.map(({ root }) => root));
    this.root.addEventListener('keydown', (event) => this.#key(event));
    this.root.addEventListener('focusin', (event) => {
      const id = event.target instanceof Element ? event.target.closest<HTMLElement>('.card')?.dataset['toolId'] : undefined;
      if (id !== undefined) this.#activate(id);
    });
  }

  /** Takes over what to show and how; `top` is the wall's offset on the page. */
  arrange(groups: Group[], grid: Grid, top: number): void {
    const before = this.#positions();
    this.#groups = groups;
    this.#grid = grid;
    this.#top = top;
    this.#slots = slots(groups.map(({ items }) => items.length), grid).slots;
    this.#sections.forEach((section, i) => section.set(this.#slots[i]!.count, this.#slots[i]!.height));
    this.fill();
    if (before) this.#travel(before);
  }

  /** Puts the cards that can be seen where they belong. Asks the browser for nothing but the scroll offset. */
  fill(): void {
    const grid = this.#grid;
    if (!grid) return;
    const now = performance.now();
    const from = scrollY - this.#top - OVERSCAN;
    const to = scrollY - this.#top + innerHeight + OVERSCAN;
    const { activeElement } = document;
    const focused = this.#focused();
    const wanted = this.#slots.map((slot, group) => {
      const [first, last] = visible(slot, grid, from, to);
      const indexes: number[] = [];
      for (let i = first; i < last; i++) indexes.push(i);
      const held = focused === null ? -1 : this.#groups[group]!.items.findIndex(({ id }) => id === focused);
      if (held >= 0 && held < first) indexes.unshift(held);
      if (held >= last) indexes.push(held);
      return indexes;
    });
    const used = new Set<string>();
    wanted.forEach((indexes, group) => indexes.forEach((i) => used.add(this.#groups[group]!.items[i]!.id)));
    this.#recycle(used);
    if (this.#active === null || !used.has(this.#active)) this.#active = focused ?? this.#firstShown(wanted);
    wanted.forEach((indexes, group) => this.#fillGroup(group, indexes, grid, now));
    for (const { root } of this.#pool.values()) root.remove();
    for (const root of [...this.#pool.keys()].slice(SPARE_CARDS)) this.#pool.delete(root);
    // A card that goes to another group loses the focus on its way.
    if (focused !== null && document.activeElement !== activeElement) (activeElement as HTMLElement).focus({ preventScroll: true });
  }

  /** New numbers for what is shown. */
  refresh(now: number): void {
    for (const card of this.#cards.values()) {
      if (!card.item) continue;
      card.show(card.item, now);
      this.#giveControls(card);
    }
  }

  tick(now: number): void {
    for (const card of this.#cards.values()) if (card.item?.state === 'open') card.tick(now);
  }

  focus(id: string): boolean {
    const card = this.#cards.get(id);
    card?.link.focus({ preventScroll: true });
    return card !== undefined;
  }

  focusFirst(): void {
    if (this.#active !== null) this.#cards.get(this.#active)?.link.focus();
  }

  #firstShown(wanted: readonly number[][]): string | null {
    for (let group = 0; group < wanted.length; group++) {
      const first = wanted[group]![0];
      if (first !== undefined) return this.#groups[group]!.items[first]!.id;
    }
    return null;
  }

  #fillGroup(group: number, indexes: readonly number[], grid: Grid, now: number): void {
    const { items } = this.#groups[group]!;
    const { list } = this.#sections[group]!;
    let cursor: ChildNode | null = list.firstChild;
    for (const index of indexes) {
      const item = items[index]!;
      // A card that stays must not be moved because of those before it that do not.
      if (this.#cards.has(item.id)) {
        while (cursor && this.#pool.has(cursor)) cursor = cursor.nextSibling;
      }
      const card = this.#cardFor(item, cursor, now);
      const { x, y } = place(index, grid);
      const { style } = card.root;
      style.transform = `translate(${x}px, ${y}px)`;
      style.width = `${grid.cell.width}px`;
      style.height = `${grid.cell.height}px`;
      setAttr(card.root, 'aria-setsize', String(items.length));
      setAttr(card.root, 'aria-posinset', String(index + 1));
      card.link.tabIndex = item.id === this.#active ? 0 : -1;
      if (cursor === card.root) cursor = cursor.nextSibling;
      else list.insertBefore(card.root, cursor);
    }
  }

  #cardFor(item: Item, at: Node | null, now: number): Card {
    const known = this.#cards.get(item.id);
    if (known && known.item === item) return known;
    const card = known ?? this.#fromPool(at) ?? new Card(this.#press);
    card.show(item, now);
    this.#giveControls(card);
    this.#cards.set(item.id, card);
    return card;
  }

  // Best is one that is in its place: what moves within the document is laid
  // out from scratch.
  #fromPool(at: Node | null): Card | undefined {
    const card = (at && this.#pool.get(at)) ?? this.#pool.values().next().value;
    if (card) {
      this.#pool.delete(card.root);
      card.travel = null;
    }
    return card;
  }

  #giveControls(card: Card): void {
    if (!card.item) return;
    const { groups, allowed } = this.#controlsFor(card.item);
    card.showControls(groups, allowed);
  }

  #recycle(used: ReadonlySet<string>): void {
    for (const [id, card] of this.#cards) {
      if (used.has(id)) continue;
      this.#cards.delete(id);
      this.#pool.set(card.root, card);
    }
  }

  #focused(): string | null {
    const { activeElement } = document;
    if (!activeElement || !this.root.contains(activeElement)) return null;
    return activeElement.closest<HTMLElement>('.card')?.dataset['toolId'] ?? null;
  }

  #activate(id: string): void {
    if (this.#active === id) return;
    const before = this.#active === null ? undefined : this.#cards.get(this.#active);
    if (before) before.link.tabIndex = -1;
    this.#active = id;
    const card = this.#cards.get(id);
    if (card) card.link.tabIndex = 0;
  }

  #key(event: KeyboardEvent): void {
    const move = KEYS[event.key];
    const grid = this.#grid;
    if (!move || !grid || event.ctrlKey || event.metaKey || event.altKey) return;
    if (!(event.target instanceof HTMLAnchorElement)) return;
    const at = this.#find(this.#focused());
    if (!at) return;
    event.preventDefault();
    const page = Math.max(1, Math.floor(innerHeight / (grid.cell.height + grid.cell.gap)) - 1);
    const next = step(at, move, this.#groups.map(({ items }) => items.length), grid.columns, page);
    this.#reveal(next, grid);
    const item = this.#groups[next.group]!.items[next.index];
    if (item) this.#cards.get(item.id)?.link.focus({ preventScroll: true });
  }

  #find(id: string | null): At | null {
    for (let group = 0; group < this.#groups.length; group++) {
      const index = this.#groups[group]!.items.findIndex((item) => item.id === id);
      if (index >= 0) return { group, index };
    }
    return null;
  }

  // Scrolls so that the cell is in sight, clear of what sticks to the edges.
  #reveal(at: At, grid: Grid): void {
    const y = this.#top + this.#slots[at.group]!.top + grid.heading + place(at.index, grid).y;
    const above = document.querySelector('.masthead')?.clientHeight ?? 0;
    const below = document.querySelector('.strip')?.clientHeight ?? 0;
    const upper = y - above - grid.heading - 8;
    const lower = y + grid.cell.height + 16 - (innerHeight - below);
    if (scrollY > upper) scrollTo({ top: Math.max(0, upper), behavior: 'instant' });
    else if (scrollY < lower) scrollTo({ top: lower, behavior: 'instant' });
    this.fill();
  }

  #positions(): Map<string, { x: number; y: number; state: string }> | null {
    const grid = this.#grid;
    if (!grid || this.#cards.size > 120 || !motionAllowed()) return null;
    const result = new Map<string, { x: number; y: number; state: string }>();
    this.#groups.forEach(({ items, state }, group) => {
      const slot = this.#slots[group]!;
      items.forEach((item, index) => {
        if (!this.#cards.has(item.id)) return;
        const { x, y } = place(index, grid);
        result.set(item.id, { x, y: slot.top + y, state });
      });
    });
    return result;
  }

  // A card that changes its place is seen to go there.
  #travel(before: Map<string, { x: number; y: number; state: string }>): void {
    const after = this.#positions();
    if (!after) return;
    for (const [id, to] of after) {
      const from = before.get(id);
      const card = this.#cards.get(id);
      if (!from || !card || (from.x === to.x && from.y === to.y)) continue;
      const here = card.root.style.transform;
      const [dx, dy] = [from.x - to.x, from.y - to.y];
      const [, x = '0', y = '0'] = /translate\((-?[\d.]+)px, (-?[\d.]+)px\)/.exec(here) ?? [];
      card.travel = card.root.animate(
        [{ transform: `translate(${Number(x) + dx}px, ${Number(y) + dy}px)` }, { transform: here }],
        { duration: 380, easing: 'cubic-bezier(.3,.8,.3,1)' });
    }
  }
}
