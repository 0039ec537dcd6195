import { hook } from '../hooks';
import type { App } from '../live/app';
import { clock, moment, perSecond, plural, span, whole } from '../model/format';
import type { Contact } from '../model/pace';
import type { Route } from '../model/router';
import { h, setAttr, setData, setText, show } from './dom';
import type { Operator } from './operator';
import { contact } from './symbols';
import { themeSwitch } from './theme';
import { showShortcuts } from './dialogs';

const CONTACT: Record<Contact, string> = { live: 'live', stale: 'delayed', lost: 'no contact' };

/** The line at the top: health, totals, rates, contact; and the banner over old data. */
export class Header {
  readonly root: HTMLElement;
  // Counts the seconds: to be read, but not to be read out each time.
  readonly #oldness = h('span', { attrs: { 'aria-live': 'off' } });
  readonly banner = h('div', { class: 'banner', testid: hook.stale, attrs: { role: 'alert' } }, 'No contact', this.#oldness);
  readonly #sign = contact('closed', 'small');
  readonly #title = h('span', { class: 'title foreign' });
  readonly #health = h('span', { class: 'health' });
  readonly #open = figure('open');
  readonly #half = figure('half-open');
  readonly #closed = figure('closed');
  readonly #calls = figure('calls');
  readonly #failures = figure('failures');
  readonly #rejections = figure('rejected');
  readonly #connection = h('span', { class: 'connection', testid: hook.connection });
  readonly #signin: HTMLButtonElement;
  readonly #wallLink = h('a', { text: 'Wall', attrs: { href: '#/' } });
  readonly #eventsLink = h('a', { text: 'Events', attrs: { href: '#/events' } });
  #wasLost = false;

  readonly #app: App;
  readonly #operator: Operator;
  readonly #say: (text: string) => void;

  constructor(app: App, operator: Operator, say: (text: string) => void) {
    this.#app = app;
    this.#operator = operator;
    this.#say = say;
    this.#signin = h('button', { class: 'quiet', testid: hook.signin, attrs: { type: 'button' }, on: { click: () => this.#toggleSession() } });
    this.root = h('header', { class: 'masthead' },
      h('div', { class: 'masthead-row' },
        h('a', { class: 'brand', attrs: { href: '#/', 'aria-label': 'switchgear' } }, this.#sign, h('span', { text: 'switchgear' })),
        this.#title,
        h('nav', { attrs: { 'aria-label': 'Pages' } }, this.#wallLink, this.#eventsLink),
        h('div', { class: 'tools' }, this.#connection, this.#signin,
          h('button', {
            class: 'quiet square', text: '?', title: 'Keyboard shortcuts', attrs: { type: 'button', 'aria-label': 'Keyboard shortcuts' }, on: { click: showShortcuts },
          }), themeSwitch())),
      h('div', { class: 'masthead-row figures' }, this.#health,
        h('dl', {}, this.#open.root, this.#half.root, this.#closed.root, this.#calls.root, this.#failures.root, this.#rejections.root)));
    show(this.banner, false);
    setText(this.#health, 'waiting for data');
    app.poller.polled.on(() => this.#update());
    app.poller.informed.on(() => this.#update());
    app.poller.contactChanged.on((now) => this.#contact(now));
    app.session.changed.on(() => this.#update());
    setInterval(() => this.#age(), 250);
    this.#contact(app.poller.contact);
    this.#update();
  }

  route(route: Route): void {
    this.#wallLink.toggleAttribute('aria-current', false);
    this.#eventsLink.toggleAttribute('aria-current', false);
    const current = route.page === 'events' ? this.#eventsLink : route.page === 'wall' ? this.#wallLink : null;
    current?.setAttribute('aria-current', 'page');
  }

  #update(): void {
    const { info, fleet, lastGood } = this.#app.poller;
    const signedIn = this.#app.session.token !== null;
    setText(this.#signin, signedIn ? 'Sign out' : 'Sign in');
    setData(this.#signin, 'signedIn', String(signedIn));
    if (info) {
      // Without a title of its own the program has that of the page.
      setText(this.#title, info.title === 'switchgear' ? '' : info.title ?? '');
      this.#title.title = `switchgear ${info.version}, running for ${span(info.uptime_ms)}`;
      show(this.#signin, info.writable);
    }
    if (lastGood === null) return;
    const totals = fleet.totals();
    const healthy = totals.states.closed === totals.count;
    setData(this.root, 'health', healthy ? 'healthy' : 'degraded');
    setText(this.#health, healthy ? 'healthy' : 'degraded');
    this.#health.title = `${plural(totals.count, 'breaker')}; healthy means that all are closed`;
    setAttr(this.#sign, 'data-state', totals.states.open > 0 ? 'open' : totals.states.half_open > 0 ? 'half_open' : 'closed');
    this.#open.set(whole(totals.states.open), totals.states.open > 0);
    this.#half.set(whole(totals.states.half_open), totals.states.half_open > 0);
    this.#closed.set(whole(totals.states.closed), false);
    this.#calls.set(perSecond(totals.calls), false);
    this.#failures.set(perSecond(totals.failures), totals.failures > 0);
    this.#rejections.set(perSecond(totals.rejections), totals.rejections > 0);
  }

  #contact(now: Contact): void {
    setData(this.#connection, 'state', now);
    setText(this.#connection, CONTACT[now]);
    document.body.classList.toggle('old', now !== 'live');
    if (now !== 'live') this.#wasLost = true;
    else if (this.#wasLost) {
      this.#wasLost = false;
      this.#say('Back in contact: the data is up to date.');
    }
    this.#age();
  }

  #age(): void {
    const { contact: state, lastGood, lastGoodAt } = this.#app.poller;
    show(this.banner, state !== 'live');
    if (state === 'live') {
      setAttr(this.#connection, 'title', `Data from ${moment(lastGoodAt || Date.now())}`);
      return;
    }
    setText(this.#oldness, lastGood === null ? ' – the server is not answering. Trying again…'
      : ` for ${span(performance.now() - lastGood)} – showing data from ${clock(lastGoodAt)}`);
  }

  #toggleSession(): void {
    if (this.#app.session.token === null) void this.#operator.signIn();
    else this.#app.session.signOut();
  }
}

interface Figure {
  root: HTMLElement;
  set(text: string, some: boolean): void;
}

function figure(label: string): Figure {
  const value = h('dd', { text: '–' });
  const root = h('div', { class: `figure figure-${label}` }, h('dt', { text: label }), value);
  return {
    root,
    set(text, some) {
      setText(value, text);
      root.classList.toggle('some', some);
    },
  };
}
