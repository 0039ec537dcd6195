import { describe, expect, it } from 'vitest';
import { announcement } from '../src/model/announce';
import { controlsOf, sameControls } from '../src/model/controls';
import { clip, latency, moment, percent, rate, remaining, short, span, whole } from '../src/model/format';
import { entryMatches, eventNumber, Journal } from '../src/model/journal';
import { buckets } from '../src/model/buckets';
import { parseRoute, routeTo, takeToken } from '../src/model/router';
import { asChange, differences, fieldValue } from '../src/model/settings_form';
import type { ConfigField, State } from '../src/api';

describe('numbers', () => {
  it.each([[0, '0'], [7, '7'], [0.25, '0.25'], [12.54, '12.5'], [999.6, '1k'], [1234, '1.23k'], [999_960, '1M'], [3.1e6, '3.1M'], [NaN, '–']])(
    'short(%d) is %s', (value, text) => expect(short(value)).toBe(text));
  it.each([[0, '0.0'], [0.01, '<0.1'], [12, '12.0'], [99.96, '100'], [1234, '1.23k']])(
    'rate(%d) is %s', (value, text) => expect(rate(value)).toBe(text));
  it.each([[null, '–'], [0, '0 %'], [1, '100 %'], [0.99996, '>99.99 %'], [0.9998, '99.98 %'], [0.123, '12.3 %'], [0.00001, '<0.01 %']])(
    'percent(%d) is %s', (value, text) => expect(percent(value)).toBe(text));
  it.each([[null, '–'], [NaN, '–'], [0, '0 ms'], [0.123, '0.12 ms'], [3.14, '3.1 ms'], [240.4, '240 ms'], [999.7, '1 s'], [1240, '1.24 s'], [61_000, '1 min 1 s']])(
    'latency(%d) is %s', (value, text) => expect(latency(value)).toBe(text));
  it.each([[0, '0 s'], [61_000, '1 min 1 s'], [3_600_000, '1 h'], [90_000_000, '1 d 1 h'], [-5, '0 s']])(
    'span(%d) is %s', (value, text) => expect(span(value)).toBe(text));
  it.each([[0, '0.0 s'], [1, '0.1 s'], [3210, '3.3 s'], [12_300, '13 s']])(
    'remaining(%d) is %s', (value, text) => expect(remaining(value)).toBe(text));
  it('groups all digits of a whole number', () => expect(whole(1234567).replaceAll('\u202f', ' ')).toBe('1 234 567'));
  it('cuts a text to bytes, in whole characters', () => {
    expect(clip('short', 200)).toBe('short');
    expect(clip('Zürich', 2)).toBe('Z');
    expect(clip('x🔌🔌', 8)).toBe('x🔌');
  });
  it('survives times that are none', () => {
    expect(moment('nonsense')).toBe('–');
    expect(moment(null)).toBe('–');
  });
});

describe('routes', () => {
  it.each(['#/', '#/b/database', '#/b/%2E%2E', '#/b/a%2Fb%20c', '#/events', '#/events?tool=a%2Fb'])(
    '%s leads there and back', (fragment) => expect(routeTo(parseRoute(fragment))).toBe(fragment));
  it('leaves an id as it is', () => expect(parseRoute('#/b/%2E%2E')).toEqual({ page: 'breaker', id: '%2E%2E' }));
  it('takes anything else for the wall', () => {
    for (const fragment of ['', '#', '#/b/', '#/b/a/b', '#nonsense']) expect(parseRoute(fragment)).toEqual({ page: 'wall' });
  });
  it('takes the token out, wherever it stands', () => {
    expect(takeToken('#token=a%2Bb')).toEqual({ token: 'a+b', rest: '' });
    expect(takeToken('#/b/x&token=t')).toEqual({ token: 't', rest: '#/b/x' });
    expect(takeToken('#/b/x')).toEqual({ token: null, rest: '#/b/x' });
    expect(takeToken('#token=%')).toEqual({ token: '%', rest: '' });
  });
});

describe('the journal', () => {
  const event = (n: number, more = {}) => ({ type: 'change', data: { at: 'x', tool: 'db', id: 'db', kind: 'state_transition', text: `event ${n}`, severity: 'info', ...more } });

  it('keeps the newest, and counts what it let go', () => {
    const journal = new Journal(3);
    journal.add([1, 2, 3, 4, 5].map((n) => event(n)));
    expect(journal.entries.map(({ text }) => text)).toEqual(['event 3', 'event 4', 'event 5']);
    expect(journal.dropped).toBe(2);
    journal.clear();
    expect(journal).toMatchObject({ entries: [], dropped: 0 });
  });
  it('takes each event once, also over a reconnect, and starts anew with another process', () => {
    const journal = new Journal(10);
    expect(['i-1', 'i-2', 'i-1', 'i-2', 'i-3', 'j-1'].map((id) => journal.isNew(id))).toEqual([true, true, false, false, true, true]);
  });
  it('reads numbers of ids of which the instance has a dash', () => {
    expect(eventNumber('a-b-12', 'a-b')).toBe(12);
    expect(eventNumber('a-b-12', 'a')).toBeNull();
    expect(eventNumber('nonsense', 'x')).toBeNull();
  });
  it('says who did what, and that once', () => {
    const journal = new Journal(10);
    const did = (what: string, outcome: string, text: string) => ({ type: 'admin', data: { at: 'x', tool: 'db', id: 'db', who: 'alice', what, outcome, text } });
    journal.add([did('isolate', 'done', 'isolate (a rehearsal)'), did('config', 'done', 'config: trips 3 -> 7'),
      did('reset', 'refused', 'reset: no such breaker'), did('switch', 'done', 'It is on.'), did('reset_all', 'done', '')]);
    expect(journal.entries.map(({ text }) => text)).toEqual(['alice: isolate (a rehearsal)', 'alice: config: trips 3 -> 7',
      'alice: reset: no such breaker (refused)', 'alice: switch: It is on.', 'alice: reset_all']);
  });
  it('filters by tool, kind, severity and text', () => {
    const journal = new Journal(10);
    journal.add([event(1, { kind: 'call_rejected', severity: 'debug' }), event(2, { severity: 'warn' }),
      { type: 'admin', data: { at: 'x', tool: null, id: null, who: 'operator', what: 'reset_all', outcome: 'refused', text: '' } }]);
    const all = { tool: null, text: '', kind: 'all', severity: 'all' } as const;
    const texts = (wish: object) => journal.entries.filter((entry) => entryMatches(entry, { ...all, ...wish })).map(({ text }) => text);
    expect(texts({ kind: 'calls' })).toEqual(['event 1']);
    expect(texts({ kind: 'changes' })).toEqual(['event 2']);
    expect(texts({ kind: 'admin' })).toEqual(['operator: reset_all (refused)']);
    expect(texts({ severity: 'warn' })).toHaveLength(2);
    expect(texts({ tool: 'db', text: 'EVENT 1' })).toEqual(['event 1']);
  });
});

describe('settings', () => {
  const fields: ConfigField[] = [
    { name: 'failure_threshold', type: 'integer', default: 5, allowed: '', meaning: '' },
    { name: 'open_timeout', type: 'duration', default: '60s', allowed: '', meaning: '' },
    { name: 'count_timeout_as_failure', type: 'boolean', default: true, allowed: '', meaning: '' }];
  const values = { failure_threshold: 5, open_timeout: '60s', count_timeout_as_failure: true };

  it('lists only what differs, with types as the server wants them', () => {
    const list = differences(fields, values, new Map([['failure_threshold', ' 3 '], ['open_timeout', '60s'], ['count_timeout_as_failure', 'false']]));
    expect(asChange(list)).toEqual({ failure_threshold: 3, count_timeout_as_failure: false });
  });
  it('sends on what is no number, for the server to object to', () => {
    expect(fieldValue(fields[0]!, 'many')).toBe('many');
    expect(fieldValue(fields[0]!, '')).toBe('');
    expect(fieldValue(fields[1]!, '5 s')).toBe('5s');
  });
});

describe('other words', () => {
  it('announces few changes by name, and many as a summary', () => {
    expect(announcement([{ id: 'db', tool: 'db', to: 'open', why: '3 failures' }])).toBe('db is open: 3 failures.');
    const many = Array.from({ length: 40 }, (_, i) => ({ id: `t${i}`, tool: `t${i}`, to: i < 30 ? 'open' as const : 'closed' as const, why: '' }));
    expect(announcement(many)).toBe('40 breakers changed state: 30 open, 10 closed.');
    expect(announcement([])).toBe('');
  });
  it('announces only where a breaker has come to', () => {
    const change = (id: string, to: State) => ({ id, tool: id, to, why: '' });
    const restless = [change('a', 'open'), change('', 'open'), change('a', 'half_open'), change('a', 'open'), change('a', 'half_open')];
    expect(announcement(restless)).toBe('a is half-open. (no name) is open.');
  });
  it('labels the buckets of the histogram, the last one open', () => {
    expect(buckets([1, 1000], [1, 2, 1]).map(({ label, share }) => [label, share])).toEqual([['≤ 1 ms', 0.25], ['≤ 1 s', 0.5], ['> 1 s', 0.25]]);
    expect(buckets([1], [0, 0]).every(({ share }) => share === 0)).toBe(true);
  });
  it('sorts controls into groups, in the order given', () => {
    const control = (id: string, group: string, tool: string | null = 'db', active = false) => ({ id, tool, group, label: id, description: '', active });
    const list = [control('a', 'Service'), control('b', 'Traffic'), control('c', 'Service'), control('d', 'All', null)];
    expect(controlsOf(list, 'db').map(({ group, controls }) => [group, controls.length])).toEqual([['Service', 2], ['Traffic', 1]]);
    expect(controlsOf(list, null)).toHaveLength(1);
    expect(sameControls(controlsOf([control('a', 'S')], 'db'), controlsOf([control('a', 'S', 'db', true)], 'db'))).toBe(true);
  });
});
