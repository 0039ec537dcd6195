import type { Config, ConfigField, ConfigValues, Detail } from '../../api';
import { configValues } from '../../api';
import { hook } from '../../hooks';
import { breakerPath, json } from '../../live/http';
import { h } from '../dom';
import type { Operator } from '../operator';
import { explain } from '../operator';
import type { Notices } from '../notice';
import { panel } from './panel';
import { editSettings } from './settings_form';

/** The settings of a breaker, and the way to change them. */
export class SettingsPanel {
  readonly root: HTMLElement;
  readonly #table = h('dl', { class: 'settings' });
  readonly #edit: HTMLButtonElement;
  #fields: ConfigField[] = [];
  #shown = '';
  #id = '';
  #tool = '';
  #loads = 0;
  #opening = false;

  readonly #operator: Operator;
  readonly #notices: Notices;

  constructor(operator: Operator, notices: Notices) {
    this.#operator = operator;
    this.#notices = notices;
    this.#edit = h('button', {
      text: 'Change settings…', testid: hook.configEdit, attrs: { type: 'button' }, on: { click: () => void this.#open() },
    });
    this.root = panel('Settings', 'settings-panel', this.#table, this.#edit);
  }

  /** Which settings there are, and what they mean. */
  async load(id: string): Promise<void> {
    this.#id = id;
    const load = ++this.#loads;
    try {
      const { fields } = await json<Config>(breakerPath(id, 'config'));
      if (load !== this.#loads) return; // a later one knows better
      this.#fields = fields;
      this.#shown = '';
    } catch {
      // The values are in the breaker's own answer; only the words are missing.
    }
  }

  update(detail: Detail, allowed: boolean): void {
    this.#tool = detail.tool;
    this.#edit.disabled = !allowed;
    const values = configValues(detail.config);
    const key = JSON.stringify(values) + this.#fields.length;
    if (key === this.#shown) return;
    this.#shown = key;
    this.#table.replaceChildren(...Object.entries(values).map(([name, value]) => this.#row(name, value)));
  }

  #row(name: string, value: ConfigValues[string]): HTMLElement {
    const field = this.#fields.find((each) => each.name === name);
    const usual = field === undefined || String(field.default) === String(value);
    return h('div', { class: usual ? '' : 'unusual', title: field ? `${field.meaning} (default ${String(field.default)})` : '' },
      h('dt', { text: name }), h('dd', { text: String(value) }));
  }

  async #open(): Promise<void> {
    if (this.#opening) return;
    this.#opening = true;
    try {
      const config = await json<Config>(breakerPath(this.#id, 'config'));
      this.#fields = config.fields;
      editSettings(this.#tool, config, (change) => this.#operator.configure(this.#id, change));
    } catch (error) {
      this.#notices.say(explain(error), 'bad');
    }
    this.#opening = false;
  }
}
