import { hook } from '../hooks';
import { recall, remember } from '../live/storage';
import type { SortKey, Wish } from '../model/arrange';
import { NO_WISH, SORTS } from '../model/arrange';
import { h, uniqueId } from './dom';
import { icon } from './symbols';

export type Density = 'cards' | 'rows';

const DENSITY = 'switchgear.density';

/** Search, filters, order and density of the wall. */
export class Toolbar {
  readonly root: HTMLElement;
  readonly search: HTMLInputElement;
  wish: Wish = { ...NO_WISH };
  density: Density = recall('localStorage', DENSITY) === 'rows' ? 'rows' : 'cards';
  readonly #densityButtons: HTMLButtonElement[];
  readonly #controls: HTMLSelectElement[];

  readonly #changed: () => void;

  constructor(changed: () => void, ...more: HTMLElement[]) {
    this.#changed = changed;
    const searchId = uniqueId('search');
    this.search = h('input', {
      testid: hook.search,
      attrs: {
        id: searchId, type: 'search', placeholder: 'Search', autocomplete: 'off', spellcheck: 'false',
        'aria-keyshortcuts': '/',
      },
      on: { input: () => this.#set({ text: this.search.value }) },
    });
    const state = choice('State', [['all', 'All states'], ['open', 'Open'], ['half_open', 'Half-open'], ['closed', 'Closed']],
      (value) => this.#set({ state: value as Wish['state'] }));
    const health = choice('Health', [
      ['all', 'Any health'], ['critical', 'Critical'], ['degraded', 'Degraded'], ['good', 'Good'],
      ['excellent', 'Excellent'], ['by_hand', 'Not automatic'],
    ], (value) => this.#set({ health: value as Wish['health'] }));
    const sort = choice('Sort by', SORTS.map(({ key, label }) => [key, label]),
      (value) => this.#set({ sort: value as SortKey }));
    this.#controls = [state, health, sort].map((label) => label.querySelector('select')!);
    this.#densityButtons = (['cards', 'rows'] as const).map((density) => h('button', {
      class: 'square', attrs: { type: 'button', 'aria-label': density === 'cards' ? 'Cards' : 'Rows' },
      title: density === 'cards' ? 'Cards' : 'Rows', on: { click: () => this.#setDensity(density) },
    }, icon(density)));
    this.root = h('div', { class: 'toolbar', attrs: { role: 'search', 'aria-label': 'Breakers' } },
      h('label', { class: 'search', attrs: { for: searchId } },
        icon('search'), h('span', { class: 'unseen', text: 'Search breakers by name' }), this.search,
        h('kbd', { text: '/', attrs: { 'aria-hidden': 'true' } })),
      state, health, sort,
      h('div', { class: 'segmented', attrs: { role: 'group', 'aria-label': 'Density' } }, ...this.#densityButtons),
      ...more);
    this.#markDensity();
  }

  toggleDensity(): void {
    this.#setDensity(this.density === 'cards' ? 'rows' : 'cards');
  }

  clear(): void {
    this.search.value = '';
    for (const select of this.#controls.slice(0, 2)) select.value = 'all';
    this.#set({ text: '', state: 'all', health: 'all' });
  }

  #set(part: Partial<Wish>): void {
    this.wish = { ...this.wish, ...part };
    this.#changed();
  }

  #setDensity(density: Density): void {
    this.density = density;
    remember('localStorage', DENSITY, density);
    this.#markDensity();
    this.#changed();
  }

  #markDensity(): void {
    this.#densityButtons[0]!.setAttribute('aria-pressed', String(this.density === 'cards'));
    this.#densityButtons[1]!.setAttribute('aria-pressed', String(this.density === 'rows'));
  }
}

/** A select with a label that only screen readers meet. */
export function choice(
  label: string, options: readonly (readonly [string, string])[], chosen: (value: string) => void,
): HTMLLabelElement {
  const select = h('select', { on: { change: () => chosen(select.value) } },
    ...options.map(([value, text]) => h('option', { text, attrs: { value } })));
  return h('label', { class: 'choice' }, h('span', { class: 'unseen', text: label }), select);
}
