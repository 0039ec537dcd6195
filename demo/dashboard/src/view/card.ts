import { hook } from '../hooks';
import type { ControlGroup } from '../model/controls';
import type { Item } from '../model/fleet';
import { latency, moment, perSecond, percent } from '../model/format';
import { routeTo } from '../model/router';
import { healthName, modeName, reasonName, stateName, toolName } from '../model/words';
import { ControlGroups, type Press } from './control_group';
import { waitText } from './countdown';
import { h, setAttr, setData, setText } from './dom';
import { Spark } from './spark';
import { contact } from './symbols';

interface Rate {
  root: HTMLElement;
  value: HTMLElement;
}

function rate(label: string, kind: string): Rate {
  const value = h('dd');
  return { root: h('div', { class: `rate ${kind}` }, h('dt', { text: label }), value), value };
}

/** A breaker on the wall. Cards are used again for others when the wall is scrolled. */
export class Card {
  readonly root: HTMLLIElement;
  readonly link: HTMLAnchorElement;
  item: Item | null = null;
  #travel: Animation | null = null;
  readonly #sign = contact('closed');
  readonly #badge = h('span', { class: 'badge', testid: hook.state });
  readonly #mode = h('span', { class: 'mode' });
  readonly #reason = h('p', { class: 'reason foreign', testid: hook.reason });
  readonly #wait = h('span', { class: 'wait', testid: hook.countdown });
  readonly #calls = rate('calls', 'calls');
  readonly #failures = rate('failures', 'failures');
  readonly #rejections = rate('rejected', 'rejections');
  readonly #p95 = rate('p95', 'p95');
  readonly #spark = new Spark();
  readonly #controls: ControlGroups;

  constructor(press: Press) {
    this.#controls = new ControlGroups(press, false);
    this.link = h('a', { class: 'name foreign' });
    this.root = h('li', { class: 'card', testid: hook.card },
      h('div', { class: 'rail' }, this.#sign),
      h('div', { class: 'card-top' }, h('h3', {}, this.link), this.#mode, this.#badge),
      this.#reason,
      this.#spark.root,
      h('dl', { class: 'rates' }, this.#calls.root, this.#failures.root, this.#rejections.root, this.#p95.root),
      this.#wait,
      this.#controls.root);
  }

  /** Its way to another place, if it is under way. */
  set travel(travel: Animation | null) {
    this.#travel?.cancel();
    this.#travel = travel;
  }

  /** Shows `item`; `now` is performance.now(). */
  show(item: Item, now: number): void {
    const other = item !== this.item;
    this.item = item;
    if (other) this.#become(item);
    setData(this.root, 'state', item.state);
    setData(this.root, 'mode', item.mode);
    setData(this.root, 'health', item.health);
    setAttr(this.#sign, 'data-state', item.state);
    setText(this.#badge, stateName[item.state]);
    setText(this.#mode, item.mode === 'automatic' ? '' : modeName[item.mode]);
    const why = this.#why(item);
    setText(this.#reason, why);
    if (this.#reason.title !== why) this.#reason.title = why;
    setText(this.#calls.value, perSecond(item.live.calls));
    setText(this.#failures.value, perSecond(item.live.failures));
    setText(this.#rejections.value, perSecond(item.live.rejections));
    setText(this.#p95.value, latency(item.live.p95_ms));
    this.#failures.root.classList.toggle('some', item.live.failures > 0);
    this.#rejections.root.classList.toggle('some', item.live.rejections > 0);
    this.#spark.draw(item.trail);
    this.tick(now);
    const since = item.last_change === null ? '' : `since ${moment(item.last_change)}`;
    if (this.#wait.title !== since) this.#wait.title = since;
    const recent = item.changed > 0 && now - item.changed < 2500;
    this.root.classList.toggle('recent', recent);
  }

  /** Between polls only what counts down moves. */
  tick(now: number): void {
    if (this.item) setText(this.#wait, waitText(this.item, now));
  }

  /** There is room for two groups; the breaker's page has all of them. */
  showControls(groups: ControlGroup[], allowed: boolean): void {
    this.#controls.update(groups.slice(0, 2), allowed);
  }

  #become(item: Item): void {
    setText(this.link, toolName(item.tool));
    this.link.title = item.tool;
    this.link.href = routeTo({ page: 'breaker', id: item.id });
    setData(this.root, 'toolId', item.id);
  }

  #why(item: Item): string {
    if (item.state === 'open') return item.why || reasonName(item.last_reason);
    if (item.state === 'half_open') return `${item.probes_out} of ${item.probes_allowed} probes under way`;
    if (item.alert_reason) return item.alert_reason;
    if (item.success_rate === null || Number.isNaN(item.success_rate)) return 'no calls yet';
    return `${healthName[item.health]}, ${percent(item.success_rate)} succeeded`;
  }
}
