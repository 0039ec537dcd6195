/** A bucket of the latency histogram, for people. */
export interface Bucket {
  label: string;
  count: number;
  share: number;
}

export function buckets(bounds: readonly number[], counts: readonly number[]): Bucket[] {
  const total = counts.reduce((sum, count) => sum + count, 0);
  return counts.map((count, i) => {
    const bound = bounds[i];
    const last = bounds[bounds.length - 1] ?? 0;
    const label = bound === undefined ? `> ${unit(last)}` : `≤ ${unit(bound)}`;
    return { label, count, share: total === 0 ? 0 : count / total };
  });
}

function unit(ms: number): string {
  return ms >= 1000 ? `${ms / 1000} s` : `${ms} ms`;
}
