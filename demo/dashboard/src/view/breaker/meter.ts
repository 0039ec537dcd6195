import { h, setText } from '../dom';

/** A bar with a mark where the threshold is, and the same in words. */
export class Meter {
  readonly root: HTMLElement;
  readonly #fill = h('span', { class: 'meter-fill' });
  readonly #mark = h('span', { class: 'meter-mark' });
  readonly #text = h('span', { class: 'meter-text' });

  constructor(label: string) {
    this.root = h('div', { class: 'meter' },
      h('span', { class: 'meter-label', text: label }), this.#text,
      h('span', { class: 'meter-bar', attrs: { 'aria-hidden': 'true' } }, this.#fill, this.#mark));
  }

  set(value: number, maximum: number, threshold: number, text: string): void {
    const share = Math.min(1, Math.max(0, value / maximum));
    this.#fill.style.transform = `scaleX(${share})`;
    this.#mark.hidden = !Number.isFinite(threshold);
    this.#mark.style.left = `${Math.min(100, (threshold / maximum) * 100)}%`;
    this.root.classList.toggle('reached', Number.isFinite(threshold) && value >= threshold);
    setText(this.#text, text);
  }
}
