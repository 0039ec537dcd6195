import type { Sample } from '../api';

// The numbers of the timeline: the server's history, joined with what earlier
// polls brought, as columns for the chart.

export interface Columns {
  /** The middle of each step, in seconds since the epoch. */
  time: number[];
  successes: (number | null)[];
  failures: (number | null)[];
  rejections: (number | null)[];
  mean: (number | null)[];
  p95: (number | null)[];
}

export class History {
  #samples = new Map<number, Sample>();
  #step = 1000;

  readonly #keep: number;

  constructor(keep: number) {
    this.#keep = keep;
  }

  /** The newest samples may still have been filling when they came last. */
  merge(step: number, samples: readonly Sample[]): void {
    if (step > 0) this.#step = step;
    for (const sample of samples) this.#samples.set(sample[0], sample);
    let newest = -Infinity;
    for (const time of this.#samples.keys()) newest = Math.max(newest, time);
    for (const time of this.#samples.keys()) {
      if (time < newest - this.#keep) this.#samples.delete(time);
    }
  }

  /**
   * One row for each step from `start` to `end`, with the sample that covers
   * its middle: where there is none, no call was made. Steps are not equally
   * long, a late one stands for several rows. Rates are per second.
   */
  columns(start: number, end: number): Columns {
    const result: Columns = { time: [], successes: [], failures: [], rejections: [], mean: [], p95: [] };
    const step = this.#step;
    const known = [...this.#samples.values()].filter(([t]) => t > start - step).sort((a, b) => a[0] - b[0]);
    const phase = (known[0]?.[0] ?? 0) % step;
    let next = 0;
    for (let t = Math.ceil((start - phase) / step) * step + phase; t <= end; t += step) {
      const middle = t - step / 2;
      while (known[next] && known[next]![0] < middle) next++;
      const sample = known[next];
      const covers = sample !== undefined && sample[0] - sample[6] < middle;
      const [, successes, failures, rejections, mean, p95, took]: Sample = covers ? sample : [t, 0, 0, 0, null, null, step];
      const perSecond = 1000 / took;
      result.time.push(middle / 1000);
      result.successes.push(successes * perSecond);
      result.failures.push(failures * perSecond);
      result.rejections.push(rejections * perSecond);
      result.mean.push(mean);
      result.p95.push(p95);
    }
    return result;
  }
}

/** Sums columns for a stacked chart: [all, failures + rejections, rejections]. */
export function stack(columns: Columns): [number[], number[], number[]] {
  const rejections = columns.rejections.map((value) => value ?? 0);
  const failed = columns.failures.map((value, i) => (value ?? 0) + rejections[i]!);
  const all = columns.successes.map((value, i) => (value ?? 0) + failed[i]!);
  return [all, failed, rejections];
}
