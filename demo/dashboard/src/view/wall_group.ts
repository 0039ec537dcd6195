import type { State } from '../api';
import { hook } from '../hooks';
import { whole } from '../model/format';
import { stateName } from '../model/words';
import { h, setData, setText, show } from './dom';
import { contact } from './symbols';

/** A section of the wall: the breakers in one state. */
export class WallGroup {
  readonly root: HTMLElement;
  readonly list: HTMLUListElement;
  readonly #count = h('span', { class: 'count' });

  constructor(readonly state: State) {
    const id = `heading-${state}`;
    this.list = h('ul', { class: 'grid', attrs: { role: 'list', 'aria-labelledby': id } });
    this.root = h('section', { class: 'group', testid: hook.group(state), attrs: { 'aria-labelledby': id, 'data-state': state } },
      h('div', { class: 'group-heading' },
        h('h2', { attrs: { id } }, contact(state, 'small'), h('span', { text: stateName[state] }), this.#count),
        h('span', { class: 'busbar' })),
      this.list);
  }

  set(count: number, height: number): void {
    show(this.root, count > 0);
    setData(this.root, 'count', String(count));
    setText(this.#count, whole(count));
    const style = `${height}px`;
    if (this.list.style.height !== style) this.list.style.height = style;
  }
}
