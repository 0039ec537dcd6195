// The last minute of a breaker's rates, for its sparkline: a ring of fixed
// size, because thousands of them are kept.

const LENGTH = 60;
const SLOW = 5;

export class Trail {
  private readonly good = new Float32Array(LENGTH);
  private readonly bad = new Float32Array(LENGTH);
  private readonly rejected = new Float32Array(LENGTH);
  private next = 0;
  private filled = 0;
  private slot = -1;

  /** `second` is any clock in seconds; a poll within the same one replaces it. */
  add(second: number, successes: number, failures: number, rejections: number): void {
    const slot = Math.floor(second);
    if (this.slot >= 0 && slot > this.slot) {
      // Where polls are slow, each stands for the seconds since the one before.
      // A longer gap is shown as one: what was not seen was not nothing.
      const skipped = Math.min(slot - this.slot, LENGTH);
      const seen = skipped <= SLOW;
      for (let i = 1; i < skipped; i++) {
        if (seen) this.push(successes, failures, rejections);
        else this.push(NaN, NaN, NaN);
      }
      this.push(successes, failures, rejections);
    } else if (this.slot < 0) {
      this.push(successes, failures, rejections);
    } else {
      this.set((this.next + LENGTH - 1) % LENGTH, successes, failures, rejections);
    }
    this.slot = Math.max(slot, this.slot);
  }

  private push(successes: number, failures: number, rejections: number): void {
    this.set(this.next, successes, failures, rejections);
    this.next = (this.next + 1) % LENGTH;
    this.filled = Math.min(LENGTH, this.filled + 1);
  }

  private set(at: number, successes: number, failures: number, rejections: number): void {
    this.good[at] = successes;
    this.bad[at] = failures;
    this.rejected[at] = rejections;
  }

  /** SVG paths of stacked bars, `width` by `height`; the newest is at the right. */
  paths(width: number, height: number): { good: string; bad: string; rejected: string; peak: number } {
    let peak = 0;
    for (let i = 0; i < this.filled; i++) {
      const at = this.index(i);
      const sum = this.good[at]! + this.bad[at]! + this.rejected[at]!;
      if (sum > peak) peak = sum;
    }
    const result = { good: '', bad: '', rejected: '', peak };
    if (peak === 0) return result;
    const step = width / LENGTH;
    const scale = height / peak;
    for (let i = 0; i < this.filled; i++) {
      const at = this.index(i);
      const x = (step * (LENGTH - this.filled + i + 0.5)).toFixed(1);
      let y = height;
      const bar = (value: number): string => {
        if (!(value > 0)) return '';
        const tall = Math.max(0.75, value * scale);
        const text = `M${x} ${y.toFixed(1)}v${(-tall).toFixed(1)}`;
        y -= tall;
        return text;
      };
      result.good += bar(this.good[at]!);
      result.bad += bar(this.bad[at]!);
      result.rejected += bar(this.rejected[at]!);
    }
    return result;
  }

  private index(i: number): number {
    return (this.next + LENGTH - this.filled + i) % LENGTH;
  }
}
