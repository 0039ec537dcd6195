import { Journal } from '../model/journal';
import { url } from './http';
import { Poller } from './poller';
import { Session } from './session';
import { Signal } from './signal';
import { Stream } from './stream';

const KEPT_EVENTS = 2000;

/** What all parts of the page share. */
export class App {
  readonly session = new Session();
  readonly poller = new Poller();
  readonly journal = new Journal(KEPT_EVENTS);
  readonly journaled = new Signal();
  readonly #stream = new Stream(url('api/events'));

  start(): void {
    let last = '';
    this.#stream.hello.on(({ instance }) => {
      // Another process tells its own story from the start.
      if (last !== '' && last !== instance) {
        this.journal.clear();
        this.journaled.emit();
      }
      last = instance;
      this.poller.sawInstance(instance);
    });
    this.#stream.batch.on((told) => {
      const fresh = told.filter(({ id }) => id === '' || this.journal.isNew(id));
      if (fresh.length === 0) return;
      this.journal.add(fresh);
      this.journaled.emit();
      this.poller.hear(fresh);
      if (fresh.some(({ type }) => type === 'change')) this.poller.soon();
      if (fresh.some(({ type }) => type === 'admin')) this.poller.somethingChanged();
    });
    this.poller.start();
    this.#stream.open();
  }
}
