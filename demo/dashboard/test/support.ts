import type { Summary } from '../src/api';

/** A closed breaker without calls, but for what is said. */
export function summary(id: string, but: Partial<Summary> = {}): Summary {
  return {
    tool: id, id, state: 'closed', mode: 'automatic', health: 'excellent', alert_reason: '', success_rate: null, failure_rate: null,
    trips: 0, total_calls: 0, total_successes: 0, total_failures: 0, total_rejected: 0, total_timeouts: 0, total_ignored: 0,
    consecutive_failures: 0, consecutive_successes: 0, window_calls: 0, window_failures: 0, window_failure_rate: null,
    calls_under_way: 0, probes_out: 0, probes_allowed: 0, restarts: 0, epoch: 1, retry_after_ms: 0, time_in_state_ms: 0,
    last_change: null, last_reason: '', why: '',
    live: { calls: 0, failures: 0, rejections: 0, mean_ms: null, p95_ms: null },
    ...but,
  };
}
