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
