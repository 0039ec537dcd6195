import type { Health, Mode, State } from '../api';

// What things are called on the page.

export function toolName(tool: string): string {
  return tool === '' ? '(no name)' : tool;
}

export const stateName: Record<State, string> = {
  open: 'open',
  half_open: 'half-open',
  closed: 'closed',
};

export const stateMeaning: Record<State, string> = {
  open: 'Calls are rejected until the open time is over.',
  half_open: 'A few calls pass as probes, the others are rejected.',
  closed: 'Calls pass; failures are counted.',
};

export const modeName: Record<Mode, string> = {
  automatic: 'automatic',
  isolated: 'isolated',
  forced_closed: 'forced closed',
  disabled: 'disabled',
  metrics_only: 'metrics only',
};

export const healthName: Record<Health, string> = {
  excellent: 'excellent',
  good: 'good',
  degraded: 'degraded',
  critical: 'critical',
};

const reasons: Record<string, string> = {
  consecutive_failures: 'too many failures in a row',
  failure_rate: 'too many failures in the window',
  slow_call_rate: 'too many slow calls',
  ready_to_trip: 'the program’s own rule',
  stuck_calls: 'calls are stuck',
  probe_failed: 'a probe failed',
  probe_slow: 'a probe was slow',
  probe_lost: 'a probe did not return',
  open_time_over: 'the open time is over',
  recovered: 'the probes succeeded',
  forced_open: 'opened by hand',
  isolated: 'isolated by hand',
  forced_closed: 'forced closed by hand',
  disabled: 'disabled by hand',
  reset: 'reset by hand',
  released: 'released by hand',
};

export function reasonName(reason: string): string {
  return reasons[reason] ?? reason.replaceAll('_', ' ');
}

export type Action =
  | 'reset' | 'force_open' | 'isolate' | 'force_closed' | 'disable' | 'metrics_only' | 'auto';

export interface ActionWords {
  label: string;
  /** What it does to calls and to the tool behind the breaker. */
  effect: string;
  /** It lets calls through to a tool that may be down, or keeps them from one that works. */
  grave: boolean;
}

export const actionWords: Record<Action, ActionWords> = {
  reset: {
    label: 'Reset',
    effect: 'Closes the breaker, in automatic mode and with fresh counts. Calls reach the tool again at once; totals stay.',
    grave: false,
  },
  force_open: {
    label: 'Force open',
    effect: 'Trips the breaker. All calls are rejected until its open time is over, then it probes the tool by itself.',
    grave: true,
  },
  isolate: {
    label: 'Isolate',
    effect: 'Holds the breaker open until told otherwise. No call reaches the tool, and it is not probed.',
    grave: true,
  },
  force_closed: {
    label: 'Force closed',
    effect: 'Holds the breaker closed. Calls are counted, but nothing trips it: every call reaches the tool, even if all of them fail.',
    grave: true,
  },
  disable: {
    label: 'Disable',
    effect: 'Lets every call pass to the tool and counts nothing towards a trip. The tool has no protection.',
    grave: true,
  },
  metrics_only: {
    label: 'Metrics only',
    effect: 'Lets the breaker change its state by its rules, but rejects nothing. Good for trying out settings.',
    grave: false,
  },
  auto: {
    label: 'Automatic',
    effect: 'Puts the breaker back under its own rules. One that was isolated probes the tool at once.',
    grave: false,
  },
};

export const ACTIONS = Object.keys(actionWords) as Action[];

export const NOT_WRITABLE = 'Nothing can be changed here: the program has no token configured.';

export const RESET_ALL_EFFECT =
  'Closes every breaker, in automatic mode and with fresh counts. Calls reach all tools again at once, even those that are down.';
