import { describe, expect, it } from 'vitest';
import type { Sample, Transition } from '../src/api';
import { bands, mergeTransitions } from '../src/model/bands';
import { History, stack } from '../src/model/history';
import { contact, leastPause, nextPollIn, retryIn, ServerClock } from '../src/model/pace';
import { Trail } from '../src/model/trail';

const T = Date.parse('2026-11-28T02:00:00.000Z');
const change = (seconds: number, from: Transition['from'], to: Transition['to'], epoch = seconds): Transition =>
  ({ at: new Date(T + seconds * 1000).toISOString(), from, to, reason: 'x', text: '', epoch });

describe('bands of states', () => {
  it('are the current state alone if nothing changed, from when the breaker was made', () => {
    expect(bands([], 'closed', T + 5000, T, T + 9000)).toEqual([{ from: T + 5000, to: T + 9000, state: 'closed' }]);
  });
  it('follow the changes, and begin with the state that the first one left', () => {
    const list = [change(3, 'closed', 'open'), change(6, 'open', 'half_open')];
    expect(bands(list, 'half_open', T - 60_000, T, T + 9000).map(({ from, to, state }) => [from - T, to - T, state])).toEqual([
      [0, 3000, 'closed'], [3000, 6000, 'open'], [6000, 9000, 'half_open']]);
  });
  it('are cut off at the edges', () => {
    const list = [change(-50, 'closed', 'open'), change(-40, 'open', 'half_open'), change(-30, 'half_open', 'closed'), change(20, 'closed', 'open')];
    expect(bands(list, 'open', T - 90_000, T, T + 9000)).toEqual([{ from: T, to: T + 9000, state: 'closed' }]);
  });
  it('survive times that cannot be read', () => {
    expect(bands([{ at: '?', from: 'closed', to: 'open' }], 'open', T, T, T + 1000)).toHaveLength(1);
  });
});

describe('changes of state, joined', () => {
  it('keeps those that the server has forgotten', () => {
    const known = [change(1, 'closed', 'open'), change(2, 'open', 'half_open')];
    const told = [change(2, 'open', 'half_open'), change(3, 'half_open', 'closed')];
    expect(mergeTransitions(known, told, 64).map(({ epoch }) => epoch)).toEqual([1, 2, 3]);
    expect(mergeTransitions(known, told, 2).map(({ epoch }) => epoch)).toEqual([2, 3]);
    expect(mergeTransitions(known, [], 64)).toEqual(known);
  });
});

describe('history', () => {
  const sample = (seconds: number, ok: number, failed = 0): Sample => [T + seconds * 1000, ok, failed, 0, 2, 3, 1000];
  it('fills steps without calls with zero, and their latency with nothing', () => {
    const history = new History(60_000);
    history.merge(1000, [sample(1, 5), sample(3, 7)]);
    const columns = history.columns(T, T + 4000);
    expect(columns.successes).toEqual([0, 5, 0, 7, 0]);
    expect(columns.p95).toEqual([null, 3, null, 3, null]);
    // A sample has the time at which its step ended.
    expect(columns.time[1]).toBe(T / 1000 + 0.5);
  });
  it('replaces what was still filling, and forgets what is too old', () => {
    const history = new History(5000);
    history.merge(1000, [sample(0, 1), sample(1, 2)]);
    history.merge(1000, [sample(1, 9), sample(6, 4)]);
    expect(history.columns(T, T + 6000).successes).toEqual([0, 9, 0, 0, 0, 0, 4]);
  });
  it('gives rates per second for other steps', () => {
    const history = new History(60_000);
    history.merge(500, [[T, 3, 0, 0, null, null, 500]]);
    expect(history.columns(T, T + 500).successes).toEqual([6, 0]);
  });
  it('finds samples that are not on whole seconds', () => {
    const history = new History(60_000);
    history.merge(1000, [[T + 137, 1, 0, 0, null, null, 1000], [T + 1137, 2, 0, 0, null, null, 1000]]);
    expect(history.columns(T, T + 2000).successes).toEqual([1, 2]);
  });
  it('has no gaps where steps drift or are early', () => {
    const history = new History(60_000);
    let end = T;
    const uneven = Array.from({ length: 30 }, (_, i): Sample => {
      const took = i % 2 === 0 ? 950 : 1130;
      end += took;
      return [end, took / 200, 0, 0, 2, 3, took];
    });
    history.merge(1000, uneven);
    const rates = history.columns(T, T + 30_000).successes.map((rate) => rate!.toFixed(3));
    expect([...new Set(rates)]).toEqual(['5.000']);
  });
  it('spreads a step that took long over the time that it took', () => {
    const history = new History(60_000);
    history.merge(1000, [sample(1, 6), [T + 4000, 18, 3, 0, 2, 3, 3000], sample(5, 6)]);
    const { successes, failures } = history.columns(T, T + 5000);
    expect(successes).toEqual([0, 6, 6, 6, 6, 6]);
    expect(failures).toEqual([0, 0, 1, 1, 1, 0]);
  });
  it('stacks for drawing', () => {
    const history = new History(60_000);
    history.merge(1000, [[T, 5, 2, 1, null, null, 1000]]);
    expect(stack(history.columns(T, T))).toEqual([[8], [3], [1]]);
  });
});

describe('pace', () => {
  it('waits at least ten times what the answer took', () => {
    expect(nextPollIn(1000, 10, 10, false)).toBe(990);
    expect(nextPollIn(1000, 300, 310, false)).toBe(3000);
  });
  it('does not mind a single answer that was held up', () => {
    expect(nextPollIn(1000, 9000, 20, false)).toBe(200);
    expect(nextPollIn(1000, 9000, 9000, false)).toBe(30_000);
    expect(leastPause(9000, 9000)).toBe(30_000);
  });
  it('is slow while nobody looks', () => {
    expect(nextPollIn(1000, 10, 10, true)).toBe(10_000);
  });
  it('tries again soon, and later less often', () => {
    expect(retryIn(1)).toBeLessThan(1000);
    expect(retryIn(50)).toBe(5000);
  });
  it('calls data old after three polls, and contact lost if a poll failed', () => {
    const at = (age: number, failures: number) => contact({ lastGood: 0, interval: 1000, failures }, age);
    expect(at(2900, 1)).toBe('live');
    expect(at(3100, 0)).toBe('stale');
    expect(at(3100, 1)).toBe('lost');
    expect(contact({ lastGood: null, interval: 1000, failures: 1 }, 0)).toBe('lost');
  });
  it('keeps the server’s time by its own clock', () => {
    const clock = new ServerClock();
    clock.set(new Date(T).toISOString(), 500);
    expect(clock.at(1700)).toBe(T + 1200);
  });
});

describe('the trail of a sparkline', () => {
  it('has one bar a second, the newest at the right, scaled to the highest', () => {
    const trail = new Trail();
    trail.add(1, 4, 0, 0);
    trail.add(2, 2, 2, 0);
    const { good, bad, peak } = trail.paths(60, 10);
    expect(peak).toBe(4);
    expect(good).toBe('M58.5 10.0v-10.0M59.5 10.0v-5.0');
    expect(bad).toBe('M59.5 5.0v-5.0');
  });
  it('takes a second poll within a second as the better one', () => {
    const trail = new Trail();
    trail.add(1, 4, 0, 0);
    trail.add(1.5, 6, 0, 0);
    expect(trail.paths(60, 10)).toMatchObject({ peak: 6, good: 'M59.5 10.0v-10.0' });
  });
  it('keeps a minute; a slow poll stands for the seconds before it, a long gap is left', () => {
    const bars = (every: number): number => {
      const trail = new Trail();
      for (let i = 0; i < 600; i += every) trail.add(i, 1, 0, 0);
      return trail.paths(60, 10).good.split('M').length - 1;
    };
    expect(bars(1)).toBe(60);
    expect(bars(3)).toBe(60);
    expect(bars(10)).toBe(6);
  });
});
