import type { Detail, State } from '../../api';
import { hook } from '../../hooks';
import { breakerPath, request, url } from '../../live/http';
import { stateMeaning, stateName } from '../../model/words';
import { h, s, setAttr, setData, setText, uniqueId } from '../dom';
import type { Notices } from '../notice';
import { explain } from '../operator';
import { contact } from '../symbols';

interface Edge {
  from: State;
  to: State;
  path: string;
  label: string;
  x: number;
  y: number;
  anchor: 'start' | 'middle' | 'end';
  byHand?: boolean;
}

const NODES: Record<State, [number, number]> = { closed: [14, 28], open: [292, 28], half_open: [153, 186] };
const [W, H] = [114, 56];

const EDGES: readonly Edge[] = [
  { from: 'closed', to: 'open', path: 'M128 44H286', label: 'a threshold is reached', x: 210, y: 19, anchor: 'middle' },
  { from: 'open', to: 'closed', path: 'M292 70H134', label: 'by hand', x: 210, y: 86, anchor: 'middle', byHand: true },
  { from: 'open', to: 'half_open', path: 'M368 84C368 160 340 204 273 206', label: 'open time over', x: 362, y: 158, anchor: 'start' },
  { from: 'half_open', to: 'open', path: 'M240 186C242 150 280 130 312 90', label: 'probe failed', x: 228, y: 150, anchor: 'end' },
  { from: 'half_open', to: 'closed', path: 'M153 206C84 204 54 160 54 90', label: 'probes succeed', x: 60, y: 158, anchor: 'end' },
];

/** The three states and what leads from one to another, live. */
export class Diagram {
  readonly root: HTMLElement;
  readonly #drawing: SVGSVGElement;
  readonly #name = s('title', {});
  readonly #nodes = new Map<State, SVGGElement>();
  readonly #edges = new Map<string, { group: SVGGElement; count: SVGTextElement }>();
  readonly #meaning = h('p', { class: 'hint' });
  #epoch = -1;
  #id = '';

  readonly #notices: Notices;

  constructor(notices: Notices) {
    this.#notices = notices;
    const label = uniqueId('diagram');
    this.#name.id = label;
    this.#drawing = s('svg', { class: 'diagram', viewBox: '-72 0 564 254', role: 'img', 'aria-labelledby': label }, this.#name,
      s('defs', {}, arrow('arrow', 'arrow-head'), arrow('arrow-taken', 'arrow-head taken')));
    for (const edge of EDGES) this.#drawing.append(this.#edge(edge));
    for (const state of ['closed', 'open', 'half_open'] as const) this.#drawing.append(this.#node(state));
    this.root = h('div', { class: 'diagram-box', testid: hook.diagram }, this.#drawing, this.#meaning,
      h('button', { text: 'Copy as Mermaid', attrs: { type: 'button' }, on: { click: () => void this.#copy() } }));
  }

  update(detail: Detail): void {
    this.#id = detail.id;
    setData(this.root, 'current', detail.state);
    setText(this.#name, `State diagram. The breaker is ${stateName[detail.state]}.`);
    setText(this.#meaning, detail.mode === 'automatic' ? stateMeaning[detail.state] : 'In this mode not every rule of the diagram applies.');
    for (const [state, node] of this.#nodes) node.classList.toggle('current', state === detail.state);
    const counts = new Map<string, number>();
    for (const { from, to, count } of detail.transition_counts ?? []) {
      counts.set(`${from}>${to}`, (counts.get(`${from}>${to}`) ?? 0) + count);
    }
    for (const [key, { count }] of this.#edges) setText(count, counts.has(key) ? ` ×${counts.get(key)}` : '');
    if (detail.epoch === this.#epoch) return;
    const last = detail.transitions[detail.transitions.length - 1];
    for (const [key, { group }] of this.#edges) {
      const taken = last !== undefined && key === `${last.from}>${last.to}`;
      group.classList.toggle('taken', taken);
      setAttr(group.querySelector('path')!, 'marker-end', taken ? 'url(#arrow-taken)' : 'url(#arrow)');
      group.classList.remove('running');
      if (taken && this.#epoch >= 0) {
        // Restarts the animation also if the same edge is taken twice.
        void group.getBoundingClientRect();
        group.classList.add('running');
      }
    }
    this.#epoch = detail.epoch;
  }

  #node(state: State): SVGGElement {
    const [x, y] = NODES[state];
    const sign = contact(state);
    for (const [name, value] of [['x', 10], ['y', 8], ['width', 24], ['height', 40]] as const) sign.setAttribute(name, String(value));
    const node = s('g', { class: 'node', 'data-state': state, transform: `translate(${x} ${y})` },
      s('rect', { width: W, height: H, rx: 8 }), sign,
      s('text', { x: 40, y: H / 2 + 5, 'text-anchor': 'start' }, stateName[state]));
    this.#nodes.set(state, node);
    return node;
  }

  #edge({ from, to, path, label, x, y, anchor, byHand }: Edge): SVGGElement {
    const count = s('tspan', { class: 'edge-count' });
    const group = s('g', { class: byHand ? 'edge by-hand' : 'edge', 'data-to': to },
      s('path', { d: path, 'marker-end': 'url(#arrow)', pathLength: 100 }),
      s('text', { x, y, 'text-anchor': anchor }, label, count));
    this.#edges.set(`${from}>${to}`, { group, count });
    return group;
  }

  async #copy(): Promise<void> {
    const path = breakerPath(this.#id, 'diagram');
    let text: string;
    try {
      text = await (await request(path)).text();
    } catch (error) {
      this.#notices.say(explain(error), 'bad');
      return;
    }
    try {
      await navigator.clipboard.writeText(text);
      this.#notices.say('Diagram copied as Mermaid.');
    } catch {
      // Without a secure context there is no clipboard; the text can be fetched by hand.
      this.#notices.say(`The clipboard is not available. The diagram is at ${url(path)}`, 'bad');
    }
  }
}

function arrow(id: string, className: string): SVGMarkerElement {
  return s('marker', { id, class: className, viewBox: '0 0 10 10', refX: 8, refY: 5, markerWidth: 9, markerHeight: 9, markerUnits: 'userSpaceOnUse', orient: 'auto-start-reverse' },
    s('path', { d: 'M0 1L9 5L0 9z' }));
}
