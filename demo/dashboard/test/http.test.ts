import { describe, expect, it } from 'vitest';
import { breakerPath } from '../src/live/http';

describe('the path of a breaker', () => {
  it('has its id in it, as the server wrote it', () => {
    expect(breakerPath('a%2Fb%20c')).toBe('api/circuit_breakers/a%2Fb%20c');
    expect(breakerPath('database', 'force_open')).toBe('api/circuit_breakers/database/force_open');
  });

  it.each(['.', '..', '%2E', '%2E%2E', '%2e%2E', '.%2E'])('survives a browser where the id is %s', (id) => {
    for (const [part, expected] of [['', '/api/circuit_breakers/'], ['config', '/api/circuit_breakers//config']] as const) {
      const { pathname, searchParams } = new URL(breakerPath(id, part), 'http://host/');
      expect(pathname).toBe(expected);
      expect(searchParams.get('tool')).toBe(decodeURIComponent(id));
    }
  });

  it.each(['...', '%2E%2E%2E', '.a', '%2Ea'])('is an ordinary one where the id is %s', (id) => {
    expect(new URL(breakerPath(id), 'http://host/').pathname).toBe(`/api/circuit_breakers/${id}`);
  });
});
