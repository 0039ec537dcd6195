import type { Detail, Transition } from '../../api';
import { hook } from '../../hooks';
import type { App } from '../../live/app';
import { mergeTransitions } from '../../model/bands';
import { controlsOf } from '../../model/controls';
import { toolName } from '../../model/words';
import { h, setData, show } from '../dom';
import type { Notices } from '../notice';
import type { Operator } from '../operator';
import { Diagram } from './diagram';
import { FailuresPanel, TransitionsPanel } from './lists';
import { HistogramPanel, NumbersPanel } from './numbers';
import { panel } from './panel';
import { SettingsPanel } from './settings';
import { Timeline } from './timeline';
import { Top } from './top';
import { WindowPanel } from './window_panel';

const KEPT_TRANSITIONS = 64;

/** The page of one breaker; made when it is opened, ended when it is left. */
export class BreakerPage {
  readonly root: HTMLElement;
  readonly #top: Top;
  readonly #timeline = new Timeline();
  readonly #diagram: Diagram;
  readonly #window = new WindowPanel();
  readonly #transitions = new TransitionsPanel();
  readonly #failures = new FailuresPanel();
  readonly #numbers = new NumbersPanel();
  readonly #histogram = new HistogramPanel();
  readonly #settings: SettingsPanel;
  readonly #gone = h('div', { class: 'empty' },
    h('h1', { text: 'No such breaker' }), h('p', { text: 'There is none of this name at present. The page keeps looking, and shows it as soon as there is one.' }),
    h('p', {}, h('a', { text: 'All breakers', attrs: { href: '#/' } })));
  readonly #body: HTMLElement;
  readonly #stops: (() => void)[];
  readonly #timer: number;
  #known: Transition[] = [];
  #created = '';
  #lastEntry: number;
  #focused = false;

  readonly #app: App;
  readonly #operator: Operator;

  constructor(app: App, operator: Operator, notices: Notices, readonly id: string) {
    this.#app = app;
    this.#operator = operator;
    this.#top = new Top(operator);
    this.#diagram = new Diagram(notices);
    this.#settings = new SettingsPanel(operator, notices);
    this.#body = h('div', { class: 'breaker-body' },
      this.#top.root,
      h('div', { class: 'panels' },
        this.#timeline.root, this.#transitions.root,
        panel('States', 'diagram-panel', this.#diagram.root), this.#window.root, this.#failures.root,
        this.#histogram.root, this.#numbers.root, this.#settings.root));
    this.root = h('div', { class: 'breaker', testid: hook.breaker, attrs: { 'data-tool-id': id } }, this.#gone, this.#body);
    show(this.#gone, false);
    this.#body.classList.add('waiting');
    const { poller } = app;
    this.#stops = [
      poller.detailed.on(({ id: of, detail }) => {
        if (of === id) this.#update(detail);
      }),
      app.journaled.on(() => this.#lookForSettings()),
    ];
    this.#timer = window.setInterval(() => this.#top.tick(performance.now()), 100);
    this.#lastEntry = this.#newestEntry;
    poller.watch(id);
  }

  end(): void {
    this.#app.poller.watch(null);
    clearInterval(this.#timer);
    for (const stop of this.#stops) stop();
    this.#timeline.end();
  }

  #update(detail: Detail | null): void {
    show(this.#gone, detail === null);
    show(this.#body, detail !== null);
    if (detail === null) return;
    this.#body.classList.remove('waiting');
    const { poller } = this.#app;
    const now = performance.now();
    const serverNow = poller.clock.at(now);
    if (detail.created !== this.#created) {
      // Another breaker, of the same name.
      this.#created = detail.created;
      this.#known = [];
      void this.#settings.load(this.id);
    }
    this.#known = mergeTransitions(this.#known, detail.transitions, KEPT_TRANSITIONS);
    setData(this.root, 'state', detail.state);
    setData(this.root, 'mode', detail.mode);
    document.title = `${toolName(detail.tool.slice(0, 60))} – switchgear`;
    const allowed = this.#operator.allowed;
    this.#top.update(detail, now, controlsOf(poller.info?.controls ?? [], detail.tool), allowed);
    this.#timeline.update(detail, this.#known, serverNow, Math.max(60_000, poller.info?.history_ms ?? 0));
    this.#diagram.update(detail);
    this.#window.update(detail);
    this.#transitions.update(this.#known);
    this.#failures.update(detail);
    this.#numbers.update(detail, serverNow);
    this.#histogram.update(detail);
    this.#settings.update(detail, allowed);
    if (this.#focused) return;
    this.#focused = true;
    if (document.activeElement === document.body) this.#top.focusName();
  }

  // New settings may have new words, e.g. a limit that depends on another setting.
  #lookForSettings(): void {
    const { entries } = this.#app.journal;
    for (let i = entries.length - 1; i >= 0 && entries[i]!.number > this.#lastEntry; i--) {
      if (entries[i]!.kind === 'config_changed' && entries[i]!.id === this.id) {
        void this.#settings.load(this.id);
        break;
      }
    }
    this.#lastEntry = this.#newestEntry;
  }

  get #newestEntry(): number {
    return this.#app.journal.entries.at(-1)?.number ?? 0;
  }
}
