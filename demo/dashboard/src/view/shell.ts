import type { App } from '../live/app';
import { announcement } from '../model/announce';
import type { StateChange } from '../model/fleet';
import { parseRoute, routeTo, type Route } from '../model/router';
import { BreakerPage } from './breaker/page';
import { h, isTyping, setText } from './dom';
import { showShortcuts } from './dialogs';
import { EventsPage } from './events_page';
import { Header } from './header';
import { Notices } from './notice';
import { Operator } from './operator';
import { Strip } from './strip';
import { Wall } from './wall';

const ANNOUNCE_EVERY_MS = 3000;

/** What is around the pages: header, keys, announcements, and which page is shown. */
export class Shell {
  readonly #notices = new Notices();
  readonly #header: Header;
  readonly #wall: Wall;
  readonly #events: EventsPage;
  readonly #strip: Strip;
  readonly #main = h('main', { attrs: { id: 'main', tabindex: '-1' } });
  readonly #live = h('div', { class: 'unseen', attrs: { 'aria-live': 'polite' } });
  readonly #operator: Operator;
  #page: BreakerPage | null = null;
  #route: Route = { page: 'wall' };
  #changes: StateChange[] = [];
  #announcing = false;
  #shown = false;

  readonly #app: App;

  constructor(app: App) {
    this.#app = app;
    this.#operator = new Operator(app, this.#notices);
    this.#header = new Header(app, this.#operator, (text) => this.#notices.say(text));
    this.#wall = new Wall(app, this.#operator);
    this.#events = new EventsPage(app);
    this.#strip = new Strip(app);
    const skip = h('a', { class: 'skip', text: 'Skip to the content', attrs: { href: '#main' } });
    // The fragment is the route: the link must not change it.
    skip.addEventListener('click', (event) => {
      event.preventDefault();
      this.#main.focus();
      this.#main.scrollIntoView();
    });
    document.body.append(skip, this.#header.root, this.#header.banner, this.#main, this.#strip.root, this.#notices.root, this.#live);
    addEventListener('hashchange', () => this.#go());
    addEventListener('keydown', (event) => this.#key(event));
    app.poller.polled.on((changes) => this.#announce(changes));
    app.poller.restarted.on(() => this.#notices.say('The process restarted: what was shown before is gone.'));
    this.#show();
  }

  #go(): void {
    // A token may also come with a link that is followed later.
    this.#app.session.takeFromAddress();
    this.#show();
  }

  #show(): void {
    const before = this.#route;
    const route = parseRoute(location.hash);
    if (this.#shown && routeTo(route) === routeTo(before)) return;
    this.#shown = true;
    this.#route = route;
    this.#page?.end();
    this.#page = null;
    if (before.page === 'wall') this.#wall.unmount(route.page === 'breaker' ? route.id : null);
    if (before.page === 'events') this.#events.unmount();
    this.#header.route(route);
    document.body.dataset['page'] = route.page;
    document.title = route.page === 'events' ? 'Events – switchgear' : 'switchgear';
    switch (route.page) {
      case 'wall':
        this.#main.replaceChildren(this.#wall.root);
        this.#wall.mount();
        break;
      case 'events':
        this.#main.replaceChildren(this.#events.root);
        scrollTo({ top: 0, behavior: 'instant' });
        this.#events.mount(route.tool);
        break;
      case 'breaker':
        this.#page = new BreakerPage(this.#app, this.#operator, this.#notices, route.id);
        this.#main.replaceChildren(this.#page.root);
        scrollTo({ top: 0, behavior: 'instant' });
        break;
    }
    this.#strip.update();
  }

  #key(event: KeyboardEvent): void {
    if (event.key === 'Escape' && this.#escape(event)) return;
    if (isTyping(event)) return;
    switch (event.key) {
      case '/':
        event.preventDefault();
        if (this.#route.page === 'events') {
          this.#events.focusSearch();
          break;
        }
        if (this.#route.page === 'breaker') this.#leave();
        this.#wall.focusSearch();
        break;
      case '?': showShortcuts(); break;
      case 'e': location.hash = '#/events'; break;
      case 'd':
        if (this.#route.page === 'wall') this.#wall.toggleDensity();
        break;
      case 'ArrowDown':
        if (this.#route.page === 'wall' && document.activeElement === document.body) {
          event.preventDefault();
          this.#wall.focusWall();
        }
        break;
    }
  }

  #escape(event: KeyboardEvent): boolean {
    if (document.querySelector('dialog[open]')) return false;
    const { activeElement } = document;
    if (activeElement instanceof HTMLInputElement || activeElement instanceof HTMLSelectElement) {
      activeElement.blur();
      return true;
    }
    if (this.#route.page === 'wall') return false;
    event.preventDefault();
    this.#leave();
    return true;
  }

  // To the wall, now: the event that tells of the new address comes later, and finds it done.
  #leave(): void {
    location.hash = '#/';
    this.#show();
  }

  #announce(changes: readonly StateChange[]): void {
    this.#changes.push(...changes);
    if (this.#changes.length === 0 || this.#announcing) return;
    this.#announcing = true;
    setText(this.#live, announcement(this.#changes.map(({ item: { id, tool, why }, to }) => ({ id, tool, to, why }))));
    this.#changes = [];
    setTimeout(() => {
      this.#announcing = false;
      this.#announce([]);
    }, ANNOUNCE_EVERY_MS);
  }
}
