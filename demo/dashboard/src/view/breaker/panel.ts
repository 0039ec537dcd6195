import { h, setText, uniqueId } from '../dom';

/** A part of a breaker's page, with its heading. */
export function panel(title: string, className: string, ...content: (HTMLElement | SVGElement)[]): HTMLElement {
  const id = uniqueId('panel');
  return h('section', { class: `panel ${className}`, attrs: { 'aria-labelledby': id } },
    h('h2', { text: title, attrs: { id } }), ...content);
}

/** Names and values; the values are filled in later, by key. */
export class Facts {
  readonly root = h('dl', { class: 'facts' });
  readonly #values = new Map<string, HTMLElement>();

  set(label: string, value: string, title = ''): void {
    let element = this.#values.get(label);
    if (!element) {
      element = h('dd', { class: 'foreign' });
      this.#values.set(label, element);
      this.root.append(h('div', {}, h('dt', { text: label }), element));
    }
    setText(element, value);
    if (element.title !== title) element.title = title;
  }
}

/** Makes the items of a list anew only if they are others. */
export class ItemList<T> {
  #key = '';

  readonly #identify: (item: T) => string;
  readonly #build: (item: T) => HTMLElement;
  readonly #none: string;

  constructor(
    readonly root: HTMLElement, identify: (item: T) => string,
    build: (item: T) => HTMLElement, none: string,
  ) {
    this.#identify = identify;
    this.#build = build;
    this.#none = none;
    this.root.append(h('li', { class: 'none', text: none }));
  }

  show(items: readonly T[]): void {
    const key = items.map(this.#identify).join('|');
    if (key === this.#key) return;
    this.#key = key;
    this.root.replaceChildren(...(items.length === 0 ? [h('li', { class: 'none', text: this.#none })] : items.map(this.#build)));
  }
}
