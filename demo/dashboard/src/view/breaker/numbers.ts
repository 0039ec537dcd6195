import type { Detail } from '../../api';
import { latency, moment, percent, perSecond, span, whole } from '../../model/format';
import { buckets } from '../../model/buckets';
import { h, setText } from '../dom';
import { Facts, panel } from './panel';

/** All totals of a breaker. */
export class NumbersPanel {
  readonly root: HTMLElement;
  readonly #now = new Facts();
  readonly #totals = new Facts();

  constructor() {
    this.root = panel('Numbers', 'numbers-panel',
      h('h3', { text: 'Now' }), this.#now.root, h('h3', { text: 'Since it was created' }), this.#totals.root);
  }

  /** `serverNow` is the server's time, ms since the epoch. */
  update(d: Detail, serverNow: number): void {
    const ago = (at: string): string => `${span(serverNow - Date.parse(at))} ago`;
    const now = this.#now;
    const totals = this.#totals;
    now.set('Calls', perSecond(d.live.calls));
    now.set('Failures', perSecond(d.live.failures));
    now.set('Rejected', perSecond(d.live.rejections));
    now.set('Mean latency', latency(d.live.mean_ms));
    now.set('p95 latency', latency(d.live.p95_ms));
    now.set('Under way', whole(d.calls_under_way));
    now.set('Oldest of these', d.calls_under_way > 0 ? latency(d.oldest_call_ms) : '–');
    now.set('In a row', d.consecutive_failures > 0 ? `${whole(d.consecutive_failures)} failed` : `${whole(d.consecutive_successes)} succeeded`);
    totals.set('Calls', whole(d.total_calls));
    totals.set('Successes', whole(d.total_successes));
    totals.set('Failures', whole(d.total_failures), 'timeouts included, if they count as failures');
    totals.set('Timeouts', whole(d.total_timeouts));
    totals.set('Rejected', whole(d.total_rejected), 'calls that the breaker did not let through');
    totals.set('Ignored', whole(d.total_ignored), 'calls whose result says nothing about the tool');
    totals.set('Cancelled', whole(d.total_cancelled));
    totals.set('Late', whole(d.total_late), 'results of calls that began in an earlier epoch');
    totals.set('Would reject', whole(d.total_would_reject), 'calls let through in mode metrics only that would have been rejected otherwise');
    totals.set('Succeeded', percent(d.success_rate));
    totals.set('Trips', whole(d.trips));
    totals.set('Recoveries', whole(d.recoveries));
    totals.set('Mean recovery', d.recoveries > 0 ? latency(d.avg_recovery_ms) : '–', 'from the first trip until it closed by itself');
    totals.set('Mean latency', latency(d.avg_latency_ms));
    totals.set('p95 latency', latency(d.p95_latency_ms));
    totals.set('Restarts', whole(d.restarts), 'of its actor');
    totals.set('Events dropped', whole(d.events_dropped));
    totals.set('Epoch', whole(d.epoch), 'grows with every change of state');
    totals.set('Created', ago(d.created), moment(d.created));
    totals.set('Last failure', d.last_failure_time ? ago(d.last_failure_time) : 'never', d.last_failure);
  }
}

/** How long calls took. */
export class HistogramPanel {
  readonly root: HTMLElement;
  readonly #body = h('tbody');
  #rows: { bar: HTMLElement; count: HTMLElement }[] = [];
  readonly #none = h('p', { class: 'hint', text: 'No calls timed yet.' });

  constructor() {
    this.root = panel('Call durations', 'histogram-panel', this.#none,
      h('table', { class: 'histogram' },
        h('thead', { class: 'unseen' }, h('tr', {}, h('th', { text: 'Duration' }), h('th', { text: 'Share' }), h('th', { text: 'Calls' }))), this.#body));
  }

  update({ durations }: Detail): void {
    const list = buckets(durations.bounds_ms, durations.counts);
    if (this.#rows.length !== list.length) {
      this.#rows = list.map(() => ({ bar: h('span', { class: 'bar' }), count: h('td') }));
      this.#body.replaceChildren(...list.map(({ label }, i) => h('tr', {},
        h('th', { text: label, attrs: { scope: 'row' } }), h('td', { class: 'bar-cell' }, this.#rows[i]!.bar), this.#rows[i]!.count)));
    }
    const most = Math.max(...list.map(({ share }) => share), 0);
    this.#none.hidden = most > 0;
    list.forEach(({ count, share }, i) => {
      const { bar, count: cell } = this.#rows[i]!;
      bar.style.transform = `scaleX(${most === 0 ? 0 : share / most})`;
      setText(cell, whole(count));
      cell.parentElement!.title = percent(share);
    });
  }
}
