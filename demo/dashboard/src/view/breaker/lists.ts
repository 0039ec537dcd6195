import type { Detail, Failure, Transition } from '../../api';
import { hook } from '../../hooks';
import { clock, latency, moment } from '../../model/format';
import { reasonName, stateName } from '../../model/words';
import { h } from '../dom';
import { contact } from '../symbols';
import { ItemList, panel } from './panel';

/** It scrolls, also by keyboard. */
function log(testid: string, label: string): HTMLOListElement {
  return h('ol', { class: 'log', testid, attrs: { tabindex: '0', 'aria-label': label } });
}

/** The last changes of state, newest first, in words. */
export class TransitionsPanel {
  readonly root: HTMLElement;
  readonly #list = new ItemList<Transition>(
    log(hook.transitions, 'State changes'), ({ epoch, at }) => `${epoch}@${at}`, transition, 'No state changes yet.');

  constructor() {
    this.root = panel('State changes', 'transitions-panel', this.#list.root);
  }

  update(transitions: readonly Transition[]): void {
    this.#list.show([...transitions].reverse());
  }
}

function transition({ at, from, to, reason, text }: Transition): HTMLElement {
  return h('li', { attrs: { 'data-to': to, 'data-reason': reason } },
    h('time', { text: clock(at), title: moment(at), attrs: { datetime: at } }),
    contact(to, 'small'),
    h('div', {},
      h('p', {}, h('strong', { text: `${stateName[from]} → ${stateName[to]}` }), ` ${reasonName(reason)}`),
      text && text !== reason ? h('p', { class: 'hint foreign', text }) : null));
}

/** The last calls that failed, newest first. */
export class FailuresPanel {
  readonly root: HTMLElement;
  readonly #list = new ItemList<Failure>(
    log(hook.failures, 'Failed calls'), ({ sequence, at }) => `${sequence}@${at}`, failure, 'No failed calls.');

  constructor() {
    this.root = panel('Failed calls', 'failures-panel', this.#list.root);
  }

  update(detail: Detail): void {
    this.#list.show(detail.failures);
  }
}

function failure({ at, outcome, error_type, message, duration_ms }: Failure): HTMLElement {
  return h('li', { attrs: { 'data-outcome': outcome } },
    h('time', { text: clock(at), title: moment(at), attrs: { datetime: at } }),
    h('span', { class: 'took', text: latency(duration_ms), title: 'duration' }),
    h('div', {},
      h('p', { class: 'foreign', text: message || '(no message)' }),
      h('p', { class: 'hint foreign', text: [outcome, error_type].filter(Boolean).join(' · ') })));
}
