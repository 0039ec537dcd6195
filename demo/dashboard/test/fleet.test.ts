import { describe, expect, it } from 'vitest';
import { arrange, NO_WISH } from '../src/model/arrange';
import type { State } from '../src/api';
import { Fleet, untilProbe } from '../src/model/fleet';
import type { Heard } from '../src/model/fleet';
import { FrameMaker } from '../src/model/frame';
import { summary } from './support';

function poll(fleet: Fleet, maker: FrameMaker, now: number, ...list: Parameters<typeof summary>[]): ReturnType<Fleet['apply']> {
  const frame = maker.make(list.map((each) => summary(...each)));
  // As a worker hands it over.
  return fleet.apply(structuredClone(frame), now);
}

function heard(to: State, epoch: number, cause = ''): Heard {
  return { to, epoch, reason: 'probe_failed', cause };
}

describe('polls of the fleet', () => {
  it('carries all that a summary says', () => {
    const fleet = new Fleet();
    poll(fleet, new FrameMaker(), 1000, ['db', {
      state: 'open', mode: 'isolated', health: 'critical', why: '3 failures', trips: 7, retry_after_ms: 1234.5,
      success_rate: 0.25, live: { calls: 12, failures: 3, rejections: 1, mean_ms: null, p95_ms: 5 },
    }]);
    const db = fleet.get('db')!;
    expect(db).toMatchObject({ state: 'open', mode: 'isolated', health: 'critical', why: '3 failures', trips: 7, retry_after_ms: 1234.5, success_rate: 0.25 });
    expect(db.live.p95_ms).toBe(5);
    expect(db.live.mean_ms).toBeNaN();
  });

  it('names breakers only when they are others, and sends texts only when they changed', () => {
    const maker = new FrameMaker();
    const first = maker.make([summary('a'), summary('b')]);
    expect(first.names).toHaveLength(2);
    const second = maker.make([summary('a'), summary('b', { why: 'new' })]);
    expect(second.names).toBeNull();
    expect(second.texts.map(({ index }) => index)).toEqual([1]);
    expect(maker.make([summary('b', { why: 'new' })]).names).toHaveLength(1);
  });

  it('takes an empty list for news, the first time and after a restart', () => {
    const maker = new FrameMaker();
    expect(maker.make([]).names).toEqual([]);
    expect(maker.make([]).names).toBeNull();
    maker.forget();
    expect(maker.make([]).names).toEqual([]);
  });

  it('tells changes of state, but none of breakers that it sees for the first time', () => {
    const fleet = new Fleet();
    const maker = new FrameMaker();
    expect(poll(fleet, maker, 1000, ['a', { state: 'open' }])).toEqual([]);
    const changes = poll(fleet, maker, 2000, ['a', { state: 'half_open' }], ['b', { state: 'open' }]);
    expect(changes.map(({ item, from, to }) => [item.id, from, to])).toEqual([['a', 'open', 'half_open']]);
  });

  it('hears of a change between polls, and no poll of before takes it back', () => {
    const fleet = new Fleet();
    const maker = new FrameMaker();
    poll(fleet, maker, 1000, ['db', { state: 'open', epoch: 2 }]);
    const shape = fleet.shape;
    expect(fleet.hear('db', heard('half_open', 3), 1100)).toMatchObject({ from: 'open', to: 'half_open' });
    expect(fleet.shape).toBeGreaterThan(shape);
    expect(poll(fleet, maker, 1200, ['db', { state: 'open', epoch: 2 }])).toEqual([]);
    expect(fleet.get('db')!.state).toBe('half_open');
    expect(poll(fleet, maker, 1300, ['db', { state: 'closed', epoch: 4 }])).toHaveLength(1);
  });

  it('hears why a breaker opened, at once', () => {
    const fleet = new Fleet();
    poll(fleet, new FrameMaker(), 1000, ['db', { state: 'closed', epoch: 1, why: '' }]);
    fleet.hear('db', heard('open', 2, '3 failures in a row'), 1100);
    expect(fleet.get('db')).toMatchObject({ state: 'open', why: '3 failures in a row', last_reason: 'probe_failed' });
  });

  it('takes no notice of what it knows already, or of breakers that it does not know', () => {
    const fleet = new Fleet();
    poll(fleet, new FrameMaker(), 1000, ['db', { state: 'closed', epoch: 4 }]);
    expect(fleet.hear('db', heard('open', 2), 1100)).toBeNull();
    expect(fleet.hear('db', heard('closed', 5), 1100)).toBeNull();
    expect(fleet.hear('x', heard('open', 9), 1100)).toBeNull();
    expect(fleet.get('db')!.state).toBe('closed');
  });

  it('believes a poll again after a while: a breaker may have been made anew', () => {
    const fleet = new Fleet();
    const maker = new FrameMaker();
    poll(fleet, maker, 1000, ['db', { state: 'closed', epoch: 8 }]);
    fleet.hear('db', heard('open', 9), 1100);
    expect(poll(fleet, maker, 4000, ['db', { state: 'closed', epoch: 1 }])).toHaveLength(1);
  });

  it('keeps a breaker’s trail when others come and go', () => {
    const fleet = new Fleet();
    const maker = new FrameMaker();
    poll(fleet, maker, 1000, ['a'], ['b']);
    const { trail } = fleet.get('b')!;
    poll(fleet, maker, 2000, ['b'], ['c']);
    expect(fleet.get('a')).toBeUndefined();
    expect(fleet.get('b')!.trail).toBe(trail);
  });

  it('grows its shape only when the wall has to be arranged anew', () => {
    const fleet = new Fleet();
    const maker = new FrameMaker();
    poll(fleet, maker, 1000, ['a']);
    const { shape } = fleet;
    poll(fleet, maker, 2000, ['a', { trips: 5 }]);
    expect(fleet.shape).toBe(shape);
    poll(fleet, maker, 3000, ['a', { state: 'open' }]);
    expect(fleet.shape).toBeGreaterThan(shape);
  });

  it('adds up', () => {
    const fleet = new Fleet();
    poll(fleet, new FrameMaker(), 1000, ['a', { state: 'open', trips: 2 }], ['b', { trips: 1 }]);
    expect(fleet.totals()).toMatchObject({ count: 2, states: { open: 1, half_open: 0, closed: 1 }, trips: 3 });
  });

  it('counts down between polls, and not where no probe will come', () => {
    const timed = { state: 'open', mode: 'automatic', retry_after_ms: 3000, time_in_state_ms: 0, seen: 1000 } as const;
    expect(untilProbe(timed, 1500)).toBe(2500);
    expect(untilProbe(timed, 9000)).toBe(0);
    expect(untilProbe({ ...timed, mode: 'isolated' }, 1500)).toBeNull();
    expect(untilProbe({ ...timed, state: 'closed' }, 1500)).toBeNull();
  });
});

describe('the order on the wall', () => {
  const fleet = new Fleet();
  const calls = (n: number, failures = 0) => ({ live: { calls: n, failures, rejections: 0, mean_ms: null, p95_ms: null } });
  poll(fleet, new FrameMaker(), 1000,
    ['Beta', { ...calls(5), state: 'open', health: 'critical' }], ['alpha', calls(1)], ['gamma', { ...calls(9), mode: 'disabled' }],
    ['delta', { ...calls(9), state: 'half_open' }]);
  const names = (wish: Partial<typeof NO_WISH>) => arrange(fleet.items, { ...NO_WISH, ...wish }).map(({ items }) => items.map(({ tool }) => tool));

  it('is open, half-open, closed; then by name', () => {
    expect(names({})).toEqual([['Beta'], ['delta'], ['alpha', 'gamma']]);
  });
  it('searches without regard to case', () => {
    expect(names({ text: ' ETA ' })).toEqual([['Beta'], [], []]);
  });
  it('filters by state, health and mode', () => {
    expect(names({ state: 'closed' })).toEqual([[], [], ['alpha', 'gamma']]);
    expect(names({ health: 'critical' })).toEqual([['Beta'], [], []]);
    expect(names({ health: 'by_hand' })).toEqual([[], [], ['gamma']]);
  });
  it('sorts by rates, the largest first', () => {
    expect(names({ sort: 'rate' })[2]).toEqual(['gamma', 'alpha']);
  });
});
