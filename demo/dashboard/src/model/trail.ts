// The last minute of a breaker's rates, for its sparkline: a ring of fixed
// size, because thousands of them are kept.

const LENGTH = 60;
const SLOW = 5;

export class Trail {
  /** Successes, failures and rejections of each second. */
  readonly #values = new Float32Array(3 * LENGTH);
  #next = 0;
  #filled = 0;
  #slot = -1;

  /** `second` is any clock in seconds; a poll within the same one replaces it. */
  add(second: number, successes: number, failures: number, rejections: number): void {
    const slot = Math.floor(second);
    if (this.#slot >= 0 && slot > this.#slot) {
      // Where polls are slow, each stands for the seconds since the one before.
      // A longer gap is shown as one: what was not seen was not nothing.
      const skipped = Math.min(slot - this.#slot, LENGTH);
      const seen = skipped <= SLOW;
      for (let i = 1; i < skipped; i++) {
        if (seen) this.#push(successes, failures, rejections);
        else this.#push(NaN, NaN, NaN);
      }
      this.#push(successes, failures, rejections);
    } else if (this.#slot < 0) {
      this.#push(successes, failures, rejections);
    } else {
      this.#set((this.#next + LENGTH - 1) % LENGTH, successes, failures, rejections);
    }
    this.#slot = Math.max(slot, this.#slot);
  }

  #push(successes: number, failures: number, rejections: number): void {
    this.#set(this.#next, successes, failures, rejections);
    this.#next = (this.#next + 1) % LENGTH;
    this.#filled = Math.min(LENGTH, this.#filled + 1);
  }

  #set(at: number, successes: number, failures: number, rejections: number): void {
    this.#values[3 * at] = successes;
    this.#values[3 * at + 1] = failures;
    this.#values[3 * at + 2] = rejections;
  }

  /** SVG paths of stacked bars, `width` by `height`; the newest is at the right. */
  paths(width: number, height: number): { good: string; bad: string; rejected: string; peak: number } {
    let peak = 0;
    for (let i = 0; i < this.#filled; i++) {
      const at = 3 * this.#index(i);
      const sum = this.#values[at]! + this.#values[at + 1]! + this.#values[at + 2]!;
      if (sum > peak) peak = sum;
    }
    const result = { good: '', bad: '', rejected: '', peak };
    if (peak === 0) return result;
    const step = width / LENGTH;
    const scale = height / peak;
    for (let i = 0; i < this.#filled; i++) {
      const at = 3 * this.#index(i);
      const x = (step * (LENGTH - this.#filled + i + 0.5)).toFixed(1);
      let y = height;
      const bar = (value: number): string => {
        if (!(value > 0)) return '';
        const tall = Math.max(0.75, value * scale);
        const text = `M${x} ${y.toFixed(1)}v${(-tall).toFixed(1)}`;
        y -= tall;
        return text;
      };
      result.good += bar(this.#values[at]!);
      result.bad += bar(this.#values[at + 1]!);
      result.rejected += bar(this.#values[at + 2]!);
    }
    return result;
  }

  #index(i: number): number {
    return (this.#next + LENGTH - this.#filled + i) % LENGTH;
  }
}
