import { expect, it } from 'vitest';
import { Poller } from '../src/live/poller';
import { FrameMaker } from '../src/model/frame';
import { summary } from './support';

it('a change that is told again, long after it was made, is no news', () => {
  const poller = new Poller();
  const seen: string[] = [];
  poller.polled.on((changes) => changes.forEach(({ to }) => seen.push(to)));
  // A breaker that was made anew: the one of before had come to later epochs.
  poller.fleet.apply(new FrameMaker().make([summary('db', { epoch: 1 })]), performance.now());
  const now = Date.now();
  poller.clock.set(new Date(now).toISOString(), performance.now());
  const told = (agoMs: number, epoch: number) => [{
    type: 'change', id: '',
    data: { at: new Date(now - agoMs).toISOString(), tool: 'db', id: 'db', 'transition.to': 'open', epoch },
  }];
  poller.hear(told(60_000, 9));
  expect(seen).toEqual([]);
  poller.hear(told(100, 2));
  expect(seen).toEqual(['open']);
});
