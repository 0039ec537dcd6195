import { h, setChildren, setText, uniqueId } from '../dom';

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

/** A list of which items that stay are left as they are: one can be read, marked and copied. */
export class ItemList<T> {
  #shown = new Map<string, HTMLElement>();

  readonly #identify: (item: T) => string;
  readonly #build: (item: T) => HTMLElement;
  readonly #none: HTMLElement;

  constructor(
    readonly root: HTMLElement, identify: (item: T) => string,
    build: (item: T) => HTMLElement, none: string,
  ) {
    this.#identify = identify;
    this.#build = build;
    this.#none = h('li', { class: 'none', text: none });
    this.show([]);
  }

  show(items: readonly T[]): void {
    const before = this.#shown;
    this.#shown = new Map(items.map((item) => {
      const key = this.#identify(item);
      return [key, before.get(key) ?? this.#build(item)];
    }));
    setChildren(this.root, items.length === 0 ? [this.#none] : [...this.#shown.values()]);
  }
}
