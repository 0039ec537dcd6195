import type { FieldError } from '../api';

/** An answer of the server that says no. */
export class ApiError extends Error {
  constructor(
    readonly status: number, readonly code: string, message: string,
    readonly details: readonly FieldError[] = [],
  ) {
    super(message);
  }
}

// Relative to the page, so that it also works behind a proxy's prefix.
export function url(path: string): string {
  return new URL(path, document.baseURI).href;
}

/**
 * Where the API has a breaker, or `part` of it. Browsers resolve a segment of
 * one dot or two, however it is written: for these ids it is empty, and the
 * parameter `tool` says which one is meant.
 */
export function breakerPath(id: string, part = ''): string {
  const dots = /^(?:\.|%2e){1,2}$/i.test(id);
  const path = `api/circuit_breakers/${dots ? '' : id}${part && `/${part}`}`;
  return dots ? `${path}?tool=${id}` : path;
}

export interface Request {
  method?: 'GET' | 'POST' | 'PUT';
  body?: unknown;
  token?: string | null;
  timeoutMs?: number;
}

export async function request(path: string, options: Request = {}): Promise<Response> {
  const { method = 'GET', body, token, timeoutMs = 10_000 } = options;
  const headers: Record<string, string> = {};
  if (body !== undefined) headers['Content-Type'] = 'application/json';
  if (token) headers['Authorization'] = `Bearer ${token}`;
  const init: RequestInit = { method, headers, cache: 'no-store', signal: AbortSignal.timeout(timeoutMs) };
  if (body !== undefined) init.body = JSON.stringify(body);
  const response = await fetch(url(path), init);
  if (!response.ok) throw await refusal(response);
  return response;
}

export async function json<T>(path: string, options: Request = {}): Promise<T> {
  return (await request(path, options)).json() as Promise<T>;
}

async function refusal(response: Response): Promise<ApiError> {
  const fallback = `The server answered ${response.status}.`;
  try {
    const { error } = await response.json() as {
      error?: { code?: string; message?: string; details?: FieldError[] };
    };
    return new ApiError(response.status, error?.code ?? '', error?.message ?? fallback, error?.details ?? []);
  } catch {
    return new ApiError(response.status, '', fallback);
  }
}
