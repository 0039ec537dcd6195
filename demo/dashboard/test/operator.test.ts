import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { App } from '../src/live/app';
import type { Notices } from '../src/view/notice';
import { Operator } from '../src/view/operator';

const said: string[] = [];
const afterAction = vi.fn();
const notices = { say: (text: string, kind = 'good') => said.push(`${kind}: ${text}`) } as unknown as Notices;

function operator(writable = true): Operator {
  return new Operator({ session: { token: 'secret' }, poller: { info: { writable }, afterAction } } as unknown as App, notices);
}

function answer(status: number, body: object): void {
  vi.stubGlobal('fetch', vi.fn(() => Promise.resolve(new Response(JSON.stringify(body), { status }))));
}

beforeEach(() => {
  said.length = 0;
  afterAction.mockClear();
  vi.stubGlobal('document', { baseURI: 'http://host/' });
});
afterEach(() => vi.unstubAllGlobals());

describe('a control', () => {
  it('says what it did', async () => {
    answer(200, { done: 'It is on.' });
    await operator().control('switch', 'Switch');
    expect(said).toEqual(['good: It is on.']);
    expect(fetch).toHaveBeenCalledWith('http://host/api/controls/switch', expect.objectContaining({ method: 'POST' }));
  });

  it('that takes long is neither done nor failed', async () => {
    answer(202, { running: true, done: null, text: 'it goes on' });
    await operator().control('switch', 'Switch');
    expect(said).toEqual(['running: Switch: still running. An event will say what it did.']);
    expect(afterAction).toHaveBeenCalledOnce();
  });

  it('that is refused, or fails, says why', async () => {
    answer(503, { error: { code: 'unavailable', message: 'another control is running' } });
    await operator().control('switch', 'Switch');
    answer(500, { error: { code: 'internal', message: 'no <way>' } });
    await operator().control('switch', 'Switch');
    expect(said).toEqual(['bad: another control is running', 'bad: no <way>']);
  });

  it('without an answer may have been run', async () => {
    vi.stubGlobal('fetch', () => Promise.reject(new TypeError('Failed to fetch')));
    await operator().control('switch', 'Switch');
    expect(said).toEqual(['bad: The server did not answer; it may have made the change all the same.']);
  });
});

it('nothing is asked of a program without a token', async () => {
  answer(200, {});
  await operator(false).control('switch', 'Switch');
  expect(said).toEqual(['bad: Nothing can be changed here: the program has no token configured.']);
  expect(fetch).not.toHaveBeenCalled();
});
