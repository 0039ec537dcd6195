// What the page keeps in the browser. That may be forbidden, and even looking
// throws then: the page works all the same, and forgets.

type Place = 'localStorage' | 'sessionStorage';

export function recall(place: Place, key: string): string | null {
  try {
    return globalThis[place].getItem(key);
  } catch {
    return null;
  }
}

export function remember(place: Place, key: string, value: string): void {
  try {
    globalThis[place].setItem(key, value);
  } catch {
    // Not kept, then.
  }
}

export function forget(place: Place, key: string): void {
  try {
    globalThis[place].removeItem(key);
  } catch {
    // It was not there.
  }
}
