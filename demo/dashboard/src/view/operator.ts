import type { Action } from '../model/words';
import { RESET_ALL_EFFECT, actionWords } from '../model/words';
import { askToken, confirmAction } from './dialogs';
import type { Notices } from './notice';
import type { App } from '../live/app';
import { ApiError, breakerPath, json } from '../live/http';

/** What an operator can do. Asks for the token where there is none yet. */
export class Operator {
  readonly #app: App;
  readonly #notices: Notices;

  constructor(app: App, notices: Notices) {
    this.#app = app;
    this.#notices = notices;
  }

  get allowed(): boolean {
    return this.#app.poller.info?.writable ?? false;
  }

  async act(id: string, tool: string, action: Action): Promise<void> {
    const { label, effect, grave } = actionWords[action];
    if (!await this.#ready(`To ${label.toLowerCase()} a breaker, the token is needed.`)) return;
    const reason = await confirmAction({ title: label, effect, subject: tool, button: label, grave });
    if (reason === null) return;
    await this.#change(breakerPath(id, action), 'POST', withReason(reason), `${label}: done.`);
  }

  async resetAll(): Promise<void> {
    if (!await this.#ready('To reset all breakers, the token is needed.')) return;
    const count = this.#app.poller.fleet.items.length;
    const reason = await confirmAction({
      title: 'Reset all', effect: RESET_ALL_EFFECT, subject: `${count} breakers`, button: 'Reset all', grave: true,
    });
    if (reason === null) return;
    await this.#change('api/reset_all', 'POST', withReason(reason), 'All breakers were reset.');
  }

  async control(id: string): Promise<void> {
    if (!await this.#ready('To break or heal a service, the token is needed.')) return;
    const path = `api/controls/${encodeControl(id)}`;
    await this.#change(path, 'POST', {}, null);
  }

  /** Throws what the server refuses, so that the form can show it at its fields. */
  async configure(id: string, change: Record<string, unknown>): Promise<boolean> {
    if (!await this.#ready('To change settings, the token is needed.')) return false;
    const answer = await this.#withToken((token) =>
      json<{ changes: string }>(breakerPath(id, 'config'), { method: 'PUT', body: change, token }));
    if (answer === null) return false;
    this.#notices.say(answer.changes ? `New settings: ${answer.changes}` : 'The settings were as wished already.');
    this.#app.poller.afterAction();
    return true;
  }

  async signIn(): Promise<boolean> {
    return this.#app.session.token !== null || await askToken(this.#app.session, 'With the token you can change things.');
  }

  async #ready(why: string): Promise<boolean> {
    if (!this.allowed) {
      this.#notices.say('Nothing can be changed here: the program has no token configured.', 'bad');
      return false;
    }
    return this.#app.session.token !== null || await askToken(this.#app.session, why);
  }

  async #change(path: string, method: 'POST', body: object, done: string | null): Promise<void> {
    try {
      const answer = await this.#withToken((token) => json<{ done?: string }>(path, { method, body, token }));
      if (answer === null) return;
      const text = done ?? answer.done;
      if (text) this.#notices.say(text);
    } catch (error) {
      this.#notices.say(explain(error), 'bad');
    }
    this.#app.poller.afterAction();
  }

  // A token that was right may be wrong by now: asks once more.
  async #withToken<T>(go: (token: string | null) => Promise<T>): Promise<T | null> {
    try {
      return await go(this.#app.session.token);
    } catch (error) {
      if (!(error instanceof ApiError) || error.status !== 401) throw error;
      this.#app.session.signOut();
      if (!await askToken(this.#app.session, 'The token that was used is not valid (any more).')) return null;
      return go(this.#app.session.token);
    }
  }
}

function withReason(reason: string): object {
  return reason === '' ? {} : { reason };
}

// Controls have ids made for a URL; what could not stand in one is encoded all the same.
function encodeControl(id: string): string {
  return /^[\w.~%-]+$/.test(id) ? id : encodeURIComponent(id);
}

export function explain(error: unknown): string {
  if (error instanceof ApiError) return error.message;
  return 'The server did not answer.';
}
