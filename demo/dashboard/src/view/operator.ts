import type { Action } from '../model/words';
import { NOT_WRITABLE, RESET_ALL_EFFECT, actionWords, toolName } from '../model/words';
import { plural } from '../model/format';
import { askToken, confirmAction } from './dialogs';
import type { Notices } from './notice';
import type { App } from '../live/app';
import { ApiError, breakerPath, json } from '../live/http';

/** What the server says of an action, a reset of all, or a control that was run. */
interface Answer {
  done?: string | null;
  /** A control that takes longer than a request may wait goes on by itself. */
  running?: boolean;
}

// Longer than a server can be told to let a request wait for a control.
const CHANGE_TIMEOUT_MS = 60_000;

/** What an operator can do. Asks for the token where there is none yet. */
export class Operator {
  readonly #app: App;
  readonly #notices: Notices;

  constructor(app: App, notices: Notices) {
    this.#app = app;
    this.#notices = notices;
  }

  /** As long as the program has not said that it is not. */
  get allowed(): boolean {
    return this.#app.poller.info?.writable ?? true;
  }

  async act(id: string, tool: string, action: Action): Promise<void> {
    const { label, effect, grave } = actionWords[action];
    if (!await this.#ready()) return;
    const reason = await confirmAction({ title: label, effect, subject: toolName(tool), button: label, grave });
    if (reason === null) return;
    await this.#change(breakerPath(id, action), withReason(reason), () => `${label}: done.`);
  }

  async resetAll(): Promise<void> {
    if (!await this.#ready()) return;
    const reason = await confirmAction({
      title: 'Reset all', effect: RESET_ALL_EFFECT, subject: plural(this.#app.poller.total, 'breaker'), button: 'Reset all', grave: true,
    });
    if (reason === null) return;
    await this.#change('api/reset_all', withReason(reason), () => 'All breakers were reset.');
  }

  async control(id: string, label: string): Promise<void> {
    if (!await this.#ready()) return;
    await this.#change(`api/controls/${id}`, {}, ({ done, running }) =>
      running ? `${label}: still running. An event will say what it did.` : done);
  }

  /** Throws what the server refuses, so that the form can show it at its fields. */
  async configure(id: string, change: Record<string, unknown>): Promise<boolean> {
    if (!await this.#ready()) return false;
    const answer = await this.#withToken((token) =>
      json<{ changes: string }>(breakerPath(id, 'config'), { method: 'PUT', body: change, token, timeoutMs: CHANGE_TIMEOUT_MS }));
    if (answer === null) return false;
    this.#notices.say(answer.changes ? `New settings: ${answer.changes}` : 'Nothing changed: the settings were like this already.');
    this.#app.poller.afterAction();
    return true;
  }

  async signIn(): Promise<void> {
    if (this.#app.session.token === null) await askToken(this.#app.session, 'Changing anything needs the program’s token.');
  }

  async #ready(): Promise<boolean> {
    if (!this.allowed) {
      this.#notices.say(NOT_WRITABLE, 'bad');
      return false;
    }
    await this.signIn();
    return this.#app.session.token !== null;
  }

  async #change(path: string, body: object, tell: (answer: Answer) => string | null | undefined): Promise<void> {
    try {
      const answer = await this.#withToken((token) => json<Answer>(path, { method: 'POST', body, token, timeoutMs: CHANGE_TIMEOUT_MS }));
      if (answer === null) return;
      const text = tell(answer);
      if (text) this.#notices.say(text, answer.running ? 'running' : 'good');
    } catch (error) {
      this.#notices.say(explain(error, MAYBE_DONE), 'bad');
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
      if (!await askToken(this.#app.session, 'The program does not accept this token any more.')) return null;
      return go(this.#app.session.token);
    }
  }
}

function withReason(reason: string): object {
  return reason === '' ? {} : { reason };
}

/** Of a change that was asked for and not answered. */
export const MAYBE_DONE = 'The server did not answer; it may have made the change all the same.';

export function explain(error: unknown, noAnswer = 'The server did not answer.'): string {
  return error instanceof ApiError ? error.message : noAnswer;
}
