// Making elements. Texts go in as text and nothing else: names and messages
// come from outside.

type Child = Node | string | null;

export interface Props {
  class?: string;
  testid?: string;
  text?: string;
  title?: string;
  /** Further attributes; null leaves one out. */
  attrs?: Record<string, string | null>;
  on?: { [event in keyof HTMLElementEventMap]?: (event: HTMLElementEventMap[event]) => void };
}

export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K, props: Props = {}, ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  if (props.class) element.className = props.class;
  if (props.testid) element.dataset['testid'] = props.testid;
  if (props.text !== undefined) element.textContent = props.text;
  if (props.title !== undefined) element.title = props.title;
  for (const [name, value] of Object.entries(props.attrs ?? {})) {
    if (value !== null) element.setAttribute(name, value);
  }
  for (const [event, listener] of Object.entries(props.on ?? {})) {
    element.addEventListener(event, listener as EventListener);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

const SVG = 'http://www.w3.org/2000/svg';

export function s<K extends keyof SVGElementTagNameMap>(
  tag: K, attrs: Record<string, string | number> = {}, ...children: Child[]
): SVGElementTagNameMap[K] {
  const element = document.createElementNS(SVG, tag) as SVGElementTagNameMap[K];
  for (const [name, value] of Object.entries(attrs)) element.setAttribute(name, String(value));
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** Writes only what differs, so that an unchanged page costs no layout. */
export function setText(node: Node, text: string): void {
  if (node.firstChild instanceof Text && node.childNodes.length === 1) {
    if (node.firstChild.data !== text) node.firstChild.data = text;
  } else if (node.textContent !== text || node.childNodes.length > 1) {
    node.textContent = text;
  }
}

export function setData(element: HTMLElement | SVGElement, key: string, value: string): void {
  if (element.dataset[key] !== value) element.dataset[key] = value;
}

export function setAttr(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value);
}

/** Moves only what is not in its place: what stays keeps focus and selection. */
export function setChildren(parent: Element, wanted: readonly Element[]): void {
  const keep = new Set(wanted);
  for (const child of [...parent.children]) if (!keep.has(child)) child.remove();
  wanted.forEach((element, i) => {
    const there = parent.children[i] ?? null;
    if (there !== element) parent.insertBefore(element, there);
  });
}

export function show(element: HTMLElement, visible: boolean): void {
  if (element.hidden === visible) element.hidden = !visible;
}

let counter = 0;

export function uniqueId(stem: string): string {
  return `${stem}-${++counter}`;
}

export function motionAllowed(): boolean {
  return !matchMedia('(prefers-reduced-motion: reduce)').matches;
}

/** True where a key belongs to a field or a dialog and not to the page. */
export function isTyping(event: KeyboardEvent): boolean {
  const target = event.target instanceof Element ? event.target : null;
  return event.ctrlKey || event.metaKey || event.altKey
    || document.querySelector('dialog[open]') !== null
    || (target?.closest('input, select, textarea, [contenteditable]') ?? null) !== null;
}
