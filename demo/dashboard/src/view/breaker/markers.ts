import type { Transition } from '../../api';
import { clock } from '../../model/format';
import { reasonName, stateName } from '../../model/words';
import { h } from '../dom';
import { contact } from '../symbols';

/**
 * A line through the chart at each change of state; what it was about is shown
 * when it is pointed at or has the focus. One stop for the Tab key, arrows
 * lead from one to the next.
 */
export class Markers {
  readonly root = h('div', { class: 'markers', attrs: { role: 'group', 'aria-label': 'State changes' } });
  readonly #buttons = new Map<string, HTMLButtonElement>();

  constructor() {
    this.root.addEventListener('keydown', (event) => {
      const by = event.key === 'ArrowLeft' ? -1 : event.key === 'ArrowRight' ? 1 : 0;
      if (by === 0) return;
      const all = [...this.root.querySelectorAll('button')];
      const next = all[all.indexOf(document.activeElement as HTMLButtonElement) + by];
      event.preventDefault();
      next?.focus();
    });
    this.root.addEventListener('focusin', (event) => this.#makeStop(event.target as HTMLElement));
  }

  show(transitions: readonly Transition[], [start, end]: [number, number], toX: (ms: number) => number): void {
    const seen = new Set<string>();
    for (const each of transitions) {
      const at = Date.parse(each.at);
      if (at < start || at > end) continue;
      const key = `${each.epoch}@${each.at}`;
      seen.add(key);
      const button = this.#buttons.get(key) ?? this.#make(key, each);
      const x = toX(at);
      button.style.transform = `translateX(${(x - 12).toFixed(1)}px)`;
      button.classList.toggle('to-left', x > 260);
    }
    for (const [key, button] of this.#buttons) {
      if (seen.has(key)) continue;
      button.remove();
      this.#buttons.delete(key);
    }
    const all = [...this.#buttons.values()];
    if (all.length > 0 && !all.some(({ tabIndex }) => tabIndex === 0)) all[all.length - 1]!.tabIndex = 0;
  }

  #make(key: string, { at, from, to, reason, text }: Transition): HTMLButtonElement {
    const what = `${stateName[from]} → ${stateName[to]}, ${reasonName(reason)}`;
    const button = h('button', {
      class: 'marker', attrs: { type: 'button', tabindex: '-1', 'data-to': to, 'aria-label': `${clock(at)} ${what}` },
    }, h('span', { class: 'marker-tip' }, contact(to, 'small'),
      h('span', {}, h('strong', { text: `${clock(at)} ${what}` }), text && text !== reason ? h('span', { class: 'foreign', text }) : null)));
    this.#buttons.set(key, button);
    this.root.append(button);
    return button;
  }

  #makeStop(stop: HTMLElement): void {
    for (const button of this.#buttons.values()) button.tabIndex = button === stop ? 0 : -1;
  }
}
