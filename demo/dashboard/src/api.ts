// What the admin server sends. Names and texts are the tools' own and may hold
// anything: they are only ever shown as text.

export type State = 'closed' | 'open' | 'half_open';
export type Mode = 'automatic' | 'isolated' | 'forced_closed' | 'disabled' | 'metrics_only';
export type Health = 'excellent' | 'good' | 'degraded' | 'critical';

export const STATES: readonly State[] = ['open', 'half_open', 'closed'];
export const MODES: readonly Mode[] = ['automatic', 'isolated', 'forced_closed', 'disabled', 'metrics_only'];
export const HEALTHS: readonly Health[] = ['excellent', 'good', 'degraded', 'critical'];

export interface Live {
  calls: number;
  failures: number;
  rejections: number;
  mean_ms: number | null;
  p95_ms: number | null;
}

export interface Summary {
  tool: string;
  id: string;
  state: State;
  mode: Mode;
  health: Health;
  alert_reason: string;
  success_rate: number | null;
  failure_rate: number | null;
  trips: number;
  total_calls: number;
  total_successes: number;
  total_failures: number;
  total_rejected: number;
  total_timeouts: number;
  total_ignored: number;
  consecutive_failures: number;
  consecutive_successes: number;
  window_calls: number;
  window_failures: number;
  window_failure_rate: number | null;
  calls_under_way: number;
  probes_out: number;
  probes_allowed: number;
  restarts: number;
  epoch: number;
  retry_after_ms: number;
  time_in_state_ms: number;
  last_change: string | null;
  last_reason: string;
  why: string;
  live: Live;
}

export interface Transition {
  at: string;
  from: State;
  to: State;
  reason: string;
  text: string;
  epoch: number;
}

export interface Failure {
  at: string;
  sequence: number;
  outcome: string;
  error_type: string;
  message: string;
  duration_ms: number | null;
}

/** When the step ended, successes, failures, rejections, mean and p95 in ms, and how many ms the step took. */
export type Sample = [number, number, number, number, number | null, number | null, number];

export type ConfigValue = string | number | boolean;
export type ConfigValues = Record<string, ConfigValue>;

export interface Detail extends Summary {
  avg_latency_ms: number | null;
  p95_latency_ms: number | null;
  avg_recovery_ms: number | null;
  recoveries: number;
  oldest_call_ms: number | null;
  total_cancelled: number;
  total_late: number;
  total_would_reject: number;
  window: string;
  last_failure: string;
  last_failure_time: string | null;
  created: string;
  events_dropped: number;
  outcomes: Record<string, number>;
  durations: { bounds_ms: number[]; counts: number[] };
  transitions: Transition[];
  transition_counts: { from: State; to: State; reason: string; count: number }[];
  failures: Failure[];
  config: ConfigValues | Config;
  history: { step_ms: number; samples: Sample[] };
}

export interface ConfigField {
  name: string;
  type: 'integer' | 'number' | 'boolean' | 'duration';
  default: ConfigValue;
  value?: ConfigValue;
  allowed: string;
  meaning: string;
}

export interface Config {
  values: ConfigValues;
  fields: ConfigField[];
}

export interface Control {
  id: string;
  tool: string | null;
  group: string;
  label: string;
  description: string;
  /** Whether this is how things are; null where that makes no sense. */
  active: boolean | null;
}

export interface Sink {
  name: string;
  offered: number;
  delivered: number;
  failed: number;
  dropped: number;
  queued: number;
  restarts: number;
  last_error: string;
}

export interface Info {
  version: string;
  instance: string;
  now: string;
  uptime_ms: number;
  writable: boolean;
  poll_ms: number;
  history_ms: number;
  title?: string;
  controls?: Control[];
  sinks?: Sink[];
}

export interface FieldError {
  field: string;
  value: string;
  allowed: string;
}

/** The data of a `change`, `call` or `admin` event; the rest are attributes. */
export interface EventData {
  at: string;
  tool: string | null;
  id: string | null;
  kind?: string;
  severity?: string;
  text?: string;
  who?: string;
  what?: string;
  outcome?: string;
  [attribute: string]: unknown;
}

/** The detail has settings with or without their descriptions. */
export function configValues(config: ConfigValues | Config): ConfigValues {
  return typeof config.values === 'object' && config.values !== null
    ? (config as Config).values
    : (config as ConfigValues);
}
