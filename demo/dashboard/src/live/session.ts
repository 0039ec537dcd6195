import { takeToken } from '../model/router';
import { ApiError, json } from './http';
import { Signal } from './signal';
import { forget, recall, remember } from './storage';

const KEY = 'switchgear.token';

/** The operator's token: for this tab only, and never in the address. */
export class Session {
  readonly changed = new Signal();
  #value: string | null = null;

  constructor() {
    this.#value = recall('sessionStorage', KEY);
    this.takeFromAddress();
  }

  /** A link may bring the token along; it goes out of sight at once. */
  takeFromAddress(): void {
    const { token, rest } = takeToken(location.hash);
    if (token === null) return;
    history.replaceState(history.state, '', location.pathname + location.search + rest);
    if (token === '') return;
    remember('sessionStorage', KEY, token);
    this.#value = token;
    this.changed.emit();
  }

  get token(): string | null {
    return this.#value;
  }

  /** Asks the server whether it knows the token; keeps it if so. Null: it does; else why not. */
  async signIn(token: string): Promise<string | null> {
    if (/[^\x21-\x7e]/.test(token)) return 'This token is wrong: it contains characters that no token can contain.';
    try {
      await json<{ who: string }>('api/whoami', { token });
    } catch (error) {
      if (error instanceof ApiError && error.status === 401) return 'This token is wrong.';
      if (error instanceof ApiError) return error.message;
      return 'The server cannot be reached.';
    }
    remember('sessionStorage', KEY, token);
    this.#value = token;
    this.changed.emit();
    return null;
  }

  signOut(): void {
    forget('sessionStorage', KEY);
    this.#value = null;
    this.changed.emit();
  }
}
