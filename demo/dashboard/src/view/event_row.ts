import { hook } from '../hooks';
import { clock, moment } from '../model/format';
import type { Entry } from '../model/journal';
import { routeTo } from '../model/router';
import { toolName } from '../model/words';
import { h, setData, setText } from './dom';
import { icon } from './symbols';

/** One line of the log; used again for others. */
export class EventRow {
  readonly root: HTMLLIElement;
  readonly #time = h('time');
  readonly #sign = h('span', { class: 'event-sign' });
  readonly #tool = h('a', { class: 'event-tool foreign' });
  readonly #kind = h('span', { class: 'event-kind' });
  readonly #text = h('span', { class: 'event-text foreign' });
  #shown: Entry | null = null;

  constructor() {
    this.root = h('li', { class: 'event', testid: hook.event }, this.#time, this.#sign, this.#tool, this.#kind, this.#text);
  }

  show(entry: Entry): void {
    if (entry === this.#shown) return;
    this.#shown = entry;
    setData(this.root, 'kind', entry.kind);
    setData(this.root, 'severity', entry.severity);
    setData(this.root, 'toolId', entry.id ?? '');
    const to = entry.data['transition.to'];
    setData(this.root, 'to', typeof to === 'string' ? to : '');
    setText(this.#time, clock(entry.at));
    this.#time.dateTime = entry.at;
    this.#time.title = moment(entry.at);
    setText(this.#tool, entry.id === null ? '–' : toolName(entry.tool));
    this.#tool.title = entry.tool;
    if (entry.id === null) this.#tool.removeAttribute('href');
    else this.#tool.href = routeTo({ page: 'breaker', id: entry.id });
    setText(this.#kind, entry.kind.replaceAll('_', ' '));
    setText(this.#text, entry.text);
    this.#text.title = entry.text;
    const sign = entry.kind === 'admin' ? 'hand' : entry.severity === 'warn' ? 'warn' : entry.severity === 'info' ? 'info' : 'dot';
    if (this.#sign.dataset['sign'] !== sign) {
      this.#sign.dataset['sign'] = sign;
      this.#sign.replaceChildren(icon(sign), h('span', { class: 'unseen', text: entry.severity }));
    }
  }
}
