// Routes live in the fragment: the server serves one page and knows none of them.

export type Route =
  | { page: 'wall' }
  | { page: 'breaker'; id: string }
  | { page: 'events'; tool: string | null };

/** `id` stays percent-encoded as the server gave it: "%2E%2E" must not become "..". */
export function parseRoute(fragment: string): Route {
  const path = fragment.replace(/^#/, '').split('&')[0] ?? '';
  const breaker = /^\/b\/([^/?]+)$/.exec(path);
  if (breaker?.[1]) return { page: 'breaker', id: breaker[1] };
  const events = /^\/events(?:\?tool=([^&]*))?$/.exec(path);
  if (events) return { page: 'events', tool: events[1] || null };
  return { page: 'wall' };
}

export function routeTo(route: Route): string {
  switch (route.page) {
    case 'breaker': return `#/b/${route.id}`;
    case 'events': return route.tool === null ? '#/events' : `#/events?tool=${route.tool}`;
    case 'wall': return '#/';
  }
}

/** Takes the token out of a fragment: `#token=…` or `#/b/x&token=…`. */
export function takeToken(fragment: string): { token: string | null; rest: string } {
  const parts = fragment.replace(/^#/, '').split('&');
  let token: string | null = null;
  const rest = parts.filter((part) => {
    if (!part.startsWith('token=')) return true;
    token = decode(part.slice('token='.length));
    return false;
  });
  const joined = rest.join('&');
  return { token, rest: joined === '' ? '' : '#' + joined };
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
