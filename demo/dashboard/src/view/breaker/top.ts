import type { Detail } from '../../api';
import { hook } from '../../hooks';
import { latency, moment, perSecond, percent } from '../../model/format';
import type { ControlGroup } from '../../model/controls';
import { untilProbe } from '../../model/fleet';
import { routeTo } from '../../model/router';
import { ACTIONS, NOT_WRITABLE, actionWords, healthName, modeName, reasonName, stateName, toolName } from '../../model/words';
import { configValues } from '../../api';
import { ControlGroups } from '../control_group';
import { waitText } from '../countdown';
import { h, setAttr, setData, setText, show } from '../dom';
import type { Operator } from '../operator';
import { contact, icon } from '../symbols';

type Shown = Detail & { seen: number };

/** Name, state, level, countdown; what can be done. */
export class Top {
  readonly root: HTMLElement;
  readonly #sign = contact('closed', 'large');
  readonly #name = h('h1', { class: 'foreign', attrs: { tabindex: '-1' } });
  readonly #state = h('span', { class: 'badge', testid: hook.state });
  readonly #mode = h('span', { class: 'mode' });
  readonly #level = h('span', { class: 'level' });
  readonly #reason = h('p', { class: 'reason foreign', testid: hook.reason });
  readonly #wait = h('span', { class: 'wait', testid: hook.countdown });
  readonly #progress = h('span', { class: 'progress', attrs: { 'aria-hidden': 'true' } }, h('span', { class: 'progress-fill' }));
  readonly #live = h('p', { class: 'live-line' });
  readonly #actions = h('div', { class: 'actions', attrs: { role: 'group', 'aria-label': 'By hand' } });
  readonly #explanation = h('p', { class: 'hint', text: NOT_WRITABLE });
  readonly #controls: ControlGroups;
  readonly #controlBox: HTMLElement;
  readonly #events = h('a', { text: 'Events of this breaker' });
  #shown: Shown | null = null;
  #openTime = 0;

  constructor(operator: Operator) {
    for (const action of ACTIONS) {
      this.#actions.append(h('button', {
        text: actionWords[action].label, title: actionWords[action].effect, testid: hook.action(action), attrs: { type: 'button' },
        on: { click: () => this.#shown && void operator.act(this.#shown.id, this.#shown.tool, action) },
      }));
    }
    this.#controls = new ControlGroups((id, label) => operator.control(id, label), true);
    this.#controlBox = h('div', { class: 'control-box' }, h('h2', { text: 'Controls' }), this.#controls.root);
    this.root = h('div', { class: 'breaker-top' },
      h('div', { class: 'crumbs' }, h('a', { class: 'back', attrs: { href: '#/' } }, icon('back'), 'All breakers'), this.#events),
      h('div', { class: 'plate' }, h('div', { class: 'rail' }, this.#sign),
        h('div', { class: 'plate-text' },
          h('div', { class: 'plate-title' }, this.#name, this.#state, this.#mode, this.#level),
          this.#reason,
          h('p', { class: 'wait-line' }, this.#wait, this.#progress), this.#live)),
      this.#controlBox,
      h('div', { class: 'action-box' }, h('h2', { text: 'By hand' }), this.#actions, this.#explanation));
  }

  update(detail: Detail, now: number, groups: ControlGroup[], writable: boolean): void {
    this.#shown = { ...detail, seen: now };
    setText(this.#name, toolName(detail.tool));
    setAttr(this.#sign, 'data-state', detail.state);
    setText(this.#state, stateName[detail.state]);
    setText(this.#mode, detail.mode === 'automatic' ? '' : modeName[detail.mode]);
    setText(this.#level, healthName[detail.health]);
    setData(this.#level, 'health', detail.health);
    setText(this.#reason, this.#why(detail));
    this.#wait.title = detail.last_change === null ? `since ${moment(detail.created)}` : `since ${moment(detail.last_change)}`;
    setText(this.#live, `${perSecond(detail.live.calls)} calls, ${perSecond(detail.live.failures)} failures, `
      + `${perSecond(detail.live.rejections)} rejected, p95 ${latency(detail.live.p95_ms)}, ${percent(detail.success_rate)} succeeded`);
    this.#openTime = detail.retry_after_ms + detail.time_in_state_ms;
    show(this.#controlBox, groups.length > 0);
    this.#controls.update(groups, writable);
    show(this.#explanation, !writable);
    for (const button of this.#actions.querySelectorAll('button')) {
      if (button.disabled === writable) button.disabled = !writable;
    }
    this.#events.href = routeTo({ page: 'events', tool: detail.id });
    this.tick(now);
  }

  tick(now: number): void {
    if (!this.#shown) return;
    setText(this.#wait, waitText(this.#shown, now));
    const left = untilProbe(this.#shown, now);
    this.#progress.classList.toggle('away', left === null);
    const fill = this.#progress.firstElementChild as HTMLElement;
    fill.style.transform = `scaleX(${left === null || this.#openTime <= 0 ? 0 : Math.max(0, 1 - left / this.#openTime)})`;
  }

  focusName(): void {
    this.#name.focus({ preventScroll: true });
  }

  #why(detail: Detail): string {
    if (detail.state === 'open') return detail.why || reasonName(detail.last_reason);
    if (detail.state === 'half_open') {
      const needed = configValues(detail.config)['success_threshold'];
      return `Probing: ${detail.consecutive_successes} of ${String(needed ?? '–')} successes so far. It opened because: ${detail.why || reasonName(detail.last_reason)}`;
    }
    if (detail.alert_reason) return detail.alert_reason;
    return detail.why ? `Last opened because: ${detail.why}` : 'It has never opened.';
  }
}
