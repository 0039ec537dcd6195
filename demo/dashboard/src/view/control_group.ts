import type { Control } from '../api';
import { hook } from '../hooks';
import type { ControlGroup } from '../model/controls';
import { sameControls } from '../model/controls';
import { h, setAttr } from './dom';

/** The program's own controls, as rows of buttons; the active one is pressed. */
export class ControlGroups {
  readonly root = h('div', { class: 'controls' });
  #groups: ControlGroup[] = [];
  #buttons = new Map<string, HTMLButtonElement>();

  readonly #press: (id: string) => Promise<void>;
  readonly #titled: boolean;

  constructor(press: (id: string) => Promise<void>, titled: boolean) {
    this.#press = press;
    this.#titled = titled;
  }

  update(groups: ControlGroup[], allowed: boolean): void {
    if (!sameControls(groups, this.#groups)) this.#build(groups);
    this.#groups = groups;
    for (const { controls } of groups) {
      for (const control of controls) {
        const button = this.#buttons.get(control.id);
        if (!button) continue;
        setAttr(button, 'aria-pressed', String(control.active));
        if (button.disabled === allowed) button.disabled = !allowed;
      }
    }
  }

  #build(groups: ControlGroup[]): void {
    this.#buttons.clear();
    this.root.replaceChildren(...groups.map(({ group, controls }) => h('div', { class: controls.length === 1 ? 'control-group toggle' : 'control-group' },
      this.#titled ? h('span', { class: 'control-title', text: group, attrs: { 'aria-hidden': 'true' } }) : null,
      h('div', { class: 'segmented', attrs: { role: 'group', 'aria-label': group } },
        ...controls.map((control) => this.#button(control))))));
  }

  #button(control: Control): HTMLButtonElement {
    const button = h('button', {
      testid: hook.control, title: control.description, text: control.label,
      attrs: { type: 'button', 'data-control-id': control.id, 'aria-pressed': String(control.active) },
      on: {
        click: () => {
          button.classList.add('busy');
          void this.#press(control.id).finally(() => button.classList.remove('busy'));
        },
      },
    });
    this.#buttons.set(control.id, button);
    return button;
  }
}
