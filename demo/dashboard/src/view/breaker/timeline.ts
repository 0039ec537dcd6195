import type uPlot from 'uplot';
import type { Detail, State, Transition } from '../../api';
import { hook } from '../../hooks';
import { bands, type Band } from '../../model/bands';
import { clock, latency, perSecond } from '../../model/format';
import { History, stack, type Columns } from '../../model/history';
import { stateName } from '../../model/words';
import { h, setText } from '../dom';
import { colour, themeChanged } from '../theme';
import { makeChart } from './chart';
import { Markers } from './markers';
import { panel } from './panel';

const TABLE_ROWS = 15;
const STATE_COLOUR: Record<State, string> = { closed: '--closed', open: '--open', half_open: '--half' };

/** Calls and latency over the last minutes, with the states behind them. */
export class Timeline {
  readonly root: HTMLElement;
  #history: History | null = null;
  readonly #readout = h('p', { class: 'readout', attrs: { 'aria-hidden': 'true' } });
  readonly #box = h('div', { class: 'charts', testid: hook.timeline });
  readonly #markers = new Markers();
  readonly #rows = h('tbody');
  readonly #table: HTMLDetailsElement;
  #rates: uPlot | null = null;
  #latencies: uPlot | null = null;
  #columns: Columns | null = null;
  #bands: Band[] = [];
  #transitions: readonly Transition[] = [];
  #range: [number, number] = [0, 1];
  #width = 0;
  #cursor: number | null = null;
  readonly #stopTheme: () => void;
  readonly #observer: ResizeObserver;

  constructor() {
    this.#table = h('details', { class: 'as-table', on: { toggle: () => this.#fillTable() } },
      h('summary', { text: `The last ${TABLE_ROWS} seconds as a table` }),
      h('table', {}, h('thead', {}, h('tr', {},
        ...['Time', 'Successes', 'Failures', 'Rejected', 'Mean', 'p95'].map((text) => h('th', { text, attrs: { scope: 'col' } })))), this.#rows));
    this.root = panel('Calls per second, and latency', 'timeline-panel', this.#legend(), this.#readout, this.#box, this.#table);
    this.#observer = new ResizeObserver(() => this.#resize());
    this.#observer.observe(this.#box);
    this.#stopTheme = themeChanged.on(() => this.#rebuild());
  }

  end(): void {
    this.#observer.disconnect();
    this.#stopTheme();
    this.#rates?.destroy();
    this.#latencies?.destroy();
  }

  /** `now` is the server's time, ms since the epoch; `length` how many ms are shown. */
  update(detail: Detail, transitions: readonly Transition[], now: number, length: number): void {
    this.#history ??= new History(length + 5000);
    this.#history.merge(detail.history.step_ms, detail.history.samples);
    const { step_ms } = detail.history;
    // The current second is still filling up.
    const end = now - step_ms;
    // A breaker that is new has no past to leave room for.
    const age = now - Date.parse(detail.created);
    this.#range = [end - Math.min(length, Math.max(60_000, age || 0)), end];
    this.#transitions = transitions;
    this.#columns = this.#history.columns(...this.#range);
    this.#bands = bands(transitions, detail.state, Date.parse(detail.created), ...this.#range);
    if (!this.#rates) this.#rebuild();
    else this.#draw();
    this.#fillTable();
  }

  #legend(): HTMLElement {
    const items: [string, string][] = [['good', 'successes'], ['bad', 'failures'], ['rejected', 'rejected'], ['p95', 'p95 latency']];
    return h('p', { class: 'legend', attrs: { 'aria-hidden': 'true' } },
      ...items.map(([kind, text]) => h('span', { class: 'legend-item' }, h('span', { class: `swatch ${kind}` }), text)));
  }

  #resize(): void {
    const width = Math.floor(this.#box.clientWidth);
    if (width === 0 || width === this.#width) return;
    this.#width = width;
    if (!this.#rates) {
      this.#rebuild();
      return;
    }
    this.#rates.setSize({ width, height: this.#rates.height });
    this.#latencies?.setSize({ width, height: this.#latencies.height });
    this.#placeMarkers();
  }

  #rebuild(): void {
    this.#rates?.destroy();
    this.#latencies?.destroy();
    this.#rates = this.#latencies = null;
    if (this.#width === 0 || !this.#columns) return;
    const shared = {
      behind: (plot: uPlot) => this.#drawBands(plot),
      cursor: (index: number | null) => this.#point(index),
      sync: 'timeline',
    };
    this.#rates = makeChart({
      ...shared, height: 210, times: false, headroom: 1.25, format: perSecond,
      lines: [
        { label: 'all', colour: '--closed-bar', bars: true },
        { label: 'failed', colour: '--open-bar', bars: true },
        { label: 'rejected', colour: '--rejected-bar', bars: true },
      ],
    }, this.#width);
    this.#latencies = makeChart({
      ...shared, height: 130, times: true, headroom: 1.1, format: latency, lines: [{ label: 'p95', colour: '--accent', bars: false }],
    }, this.#width);
    this.#box.replaceChildren(this.#rates.root, this.#latencies.root);
    this.#rates.over.append(this.#markers.root);
    this.#draw();
  }

  #draw(): void {
    const rates = this.#rates;
    const latencies = this.#latencies;
    const columns = this.#columns;
    if (!rates || !latencies || !columns) return;
    const [min, max] = this.#range.map((ms) => ms / 1000) as [number, number];
    rates.setData([columns.time, ...stack(columns)], false);
    latencies.setData([columns.time, columns.p95], false);
    for (const plot of [rates, latencies]) {
      plot.batch(() => plot.setScale('x', { min, max }));
      plot.redraw(true, true);
    }
    this.#placeMarkers();
    this.#point(this.#cursor);
  }

  #placeMarkers(): void {
    const rates = this.#rates;
    if (!rates) return;
    this.#markers.show(this.#transitions, this.#range, (ms) => rates.valToPos(ms / 1000, 'x'));
  }

  #drawBands(plot: uPlot): void {
    const { ctx, bbox } = plot;
    const x = (ms: number): number => plot.valToPos(ms / 1000, 'x', true);
    ctx.save();
    ctx.beginPath();
    ctx.rect(bbox.left, bbox.top, bbox.width, bbox.height);
    ctx.clip();
    for (const band of this.#bands) {
      const left = x(band.from);
      const width = x(band.to) - left;
      ctx.fillStyle = colour(STATE_COLOUR[band.state]);
      ctx.globalAlpha = band.state === 'closed' ? 0.05 : 0.15;
      ctx.fillRect(left, bbox.top, width, bbox.height);
      ctx.globalAlpha = 1;
      ctx.fillRect(left, bbox.top, width, 3 * devicePixelRatio);
      const label = stateName[band.state];
      ctx.font = `600 ${11 * devicePixelRatio}px ${getComputedStyle(document.body).fontFamily}`;
      if (plot === this.#rates && ctx.measureText(label).width + 8 * devicePixelRatio < width) {
        ctx.textBaseline = 'top';
        ctx.textAlign = 'left';
        ctx.fillText(label, left + 5 * devicePixelRatio, bbox.top + 7 * devicePixelRatio);
      }
    }
    ctx.restore();
  }

  #point(index: number | null): void {
    this.#cursor = index;
    const columns = this.#columns;
    if (!columns) return;
    const i = index ?? columns.time.length - 1;
    const at = columns.time[i];
    if (at === undefined) return;
    setText(this.#readout, `${clock(at * 1000)}  ${perSecond(columns.successes[i] ?? 0)} successes, ${perSecond(columns.failures[i] ?? 0)} failures, `
      + `${perSecond(columns.rejections[i] ?? 0)} rejected, p95 ${latency(columns.p95[i])}`);
  }

  #fillTable(): void {
    const columns = this.#columns;
    if (!columns || !this.#table.open) return;
    const rows: HTMLElement[] = [];
    for (let i = columns.time.length - 1; i >= 0 && rows.length < TABLE_ROWS; i--) {
      const cells = [perSecond(columns.successes[i] ?? 0), perSecond(columns.failures[i] ?? 0), perSecond(columns.rejections[i] ?? 0),
        latency(columns.mean[i]), latency(columns.p95[i])];
      rows.push(h('tr', {}, h('th', { text: clock(columns.time[i]! * 1000), attrs: { scope: 'row' } }), ...cells.map((text) => h('td', { text }))));
    }
    this.#rows.replaceChildren(...rows);
  }
}
