import type { Detail } from '../../api';
import { configValues } from '../../api';
import { hook } from '../../hooks';
import { percent, plural, whole } from '../../model/format';
import { h, setData, setText, show } from '../dom';
import { Meter } from './meter';
import { panel } from './panel';

const SHOWN = 200;
const legend = (result: string, meaning: string): HTMLElement => h('span', { class: 'legend-item' },
  h('span', { class: 'cell', attrs: { 'data-result': result } }), meaning);
const MEANING: Record<string, string> = { S: 'success', F: 'failure' };

/** What the breaker judges by: its window, failures in a row, probes. */
export class WindowPanel {
  readonly root: HTMLElement;
  readonly #cells = h('ol', { class: 'cells', attrs: { 'aria-hidden': 'true' } });
  readonly #text = h('p', { class: 'hint' });
  readonly #window = h('div', { testid: hook.window }, this.#cells,
    h('p', { class: 'legend', attrs: { 'aria-hidden': 'true' } },
      legend('S', 'success'),
      legend('F', 'failure'),
      legend('', 'empty')),
    this.#text);
  readonly #rate = new Meter('Failure rate in the window');
  readonly #row = new Meter('Failures in a row');
  readonly #permits = h('p', { class: 'permits', testid: hook.permits });
  #key = '';

  constructor() {
    this.root = panel('Window and thresholds', 'window-panel', this.#window, this.#rate.root, this.#row.root, this.#permits);
  }

  update(detail: Detail): void {
    const values = configValues(detail.config);
    const size = Number(values['window_size'] ?? detail.window.length);
    const timed = detail.window === '' && parseFloat(String(values['window_duration'] ?? 0)) > 0;
    setData(this.#window, 'window', detail.window);
    this.#draw(detail.window, timed ? 0 : size);
    const failed = `${whole(detail.window_failures)} of ${plural(detail.window_calls, 'result')} failed`;
    setText(this.#text, timed ? `A window of ${values['window_duration']}: ${failed}.`
      : `The last ${whole(size)} results, newest at the right: ${failed}.${size > SHOWN ? ` Only the newest ${SHOWN} are shown.` : ''}`);
    const limit = Number(values['failure_rate_threshold'] ?? NaN);
    const share = detail.window_failure_rate;
    this.#rate.set(share ?? 0, 1, limit, `${percent(share)}${Number.isFinite(limit) ? `, trips at ${percent(limit)}` : ''}`);
    const threshold = Number(values['failure_threshold'] ?? NaN);
    this.#row.set(detail.consecutive_failures, Math.max(threshold || 0, detail.consecutive_failures, 1), threshold,
      `${whole(detail.consecutive_failures)}${Number.isFinite(threshold) ? ` of ${whole(threshold)}` : ''}`);
    const needed = String(values['success_threshold'] ?? '–');
    setText(this.#permits, detail.state === 'half_open'
      ? `Probes: ${detail.probes_out} of ${detail.probes_allowed} under way; successes in a row: ${detail.consecutive_successes} of ${needed}.`
      : `Probes when half-open: ${String(values['half_open_max_calls'] ?? '–')} at a time; successes in a row to close: ${needed}.`);
    show(this.#cells, !timed);
  }

  #draw(window: string, size: number): void {
    const key = `${window}/${size}`;
    if (key === this.#key) return;
    this.#key = key;
    const results = window.slice(-SHOWN);
    const count = Math.min(SHOWN, Math.max(size, results.length));
    while (this.#cells.childElementCount > count) this.#cells.lastElementChild!.remove();
    while (this.#cells.childElementCount < count) this.#cells.append(h('li', { class: 'cell' }));
    // A window that is not full fills from the left; then it moves.
    [...this.#cells.children].forEach((cell, i) => {
      const result = results[i] ?? '';
      setData(cell as HTMLElement, 'result', result);
      (cell as HTMLElement).title = result === '' ? 'empty' : MEANING[result] ?? result;
    });
  }
}
