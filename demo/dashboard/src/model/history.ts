import type { Sample } from '../api';

// The numbers of the timeline: the server's history, joined with what earlier
// polls brought, as columns for the chart.

export interface Columns {
  /** Seconds since the epoch. */
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
    const newest = Math.max(...this.#samples.keys());
    for (const time of this.#samples.keys()) {
      if (time < newest - this.#keep) this.#samples.delete(time);
    }
  }

  /**
   * One row for each step from `start` to `end`: where no sample is, no call
   * was made. Rates are per second, whatever the step is.
   */
  columns(start: number, end: number): Columns {
    const result: Columns = { time: [], successes: [], failures: [], rejections: [], mean: [], p95: [] };
    const step = this.#step;
    const known = [...this.#samples.values()].filter(([t]) => t > start - step && t <= end).sort((a, b) => a[0] - b[0]);
    const phase = (known[0]?.[0] ?? 0) % step;
    const perSecond = 1000 / step;
    let next = 0;
    for (let t = Math.ceil((start - phase) / step) * step + phase; t <= end; t += step) {
      let sum: Sample = [t, 0, 0, 0, null, null];
      while (known[next] && known[next]![0] < t - step / 2) next++;
      const sample = known[next];
      if (sample && sample[0] < t + step / 2) {
        sum = sample;
        next++;
      }
      result.time.push(t / 1000);
      result.successes.push(sum[1] * perSecond);
      result.failures.push(sum[2] * perSecond);
      result.rejections.push(sum[3] * perSecond);
      result.mean.push(sum[4]);
      result.p95.push(sum[5]);
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
