import type { Control } from '../api';
import { hook } from '../hooks';
import type { ControlGroup } from '../model/controls';
import { sameControls } from '../model/controls';
import { h, setAttr } from './dom';

/** Runs a control; the label is for what is said of it. */
export type Press = (id: string, label: string) => Promise<void>;

/** The program's own controls, as rows of buttons; the active one is pressed. */
export class ControlGroups {
  readonly root = h('div', { class: 'controls' });
  #groups: ControlGroup[] = [];
  #buttons = new Map<string, HTMLButtonElement>();

  readonly #press: Press;
  readonly #titled: boolean;

  constructor(press: Press, titled: boolean) {
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
        setPressed(button, control.active);
        if (button.disabled === allowed) button.disabled = !allowed;
      }
    }
  }

  #build(groups: ControlGroup[]): void {
    this.#buttons.clear();
    this.root.replaceChildren(...groups.map(({ group, controls }) => h('div', { class: controls.length === 1 ? 'control-group toggle' : 'control-group' },
      this.#titled && group !== '' ? h('span', { class: 'control-title', text: group, attrs: { 'aria-hidden': 'true' } }) : null,
      h('div', { class: 'segmented', attrs: { role: 'group', 'aria-label': group || null } },
        ...controls.map((control) => this.#button(control))))));
  }

  #button({ id, label, description, active }: Control): HTMLButtonElement {
    const button = h('button', {
      testid: hook.control, title: description, text: label, attrs: { type: 'button', 'data-control-id': id },
      on: {
        click: () => {
          // A second press would only be refused: one control runs at a time.
          if (button.ariaBusy === 'true') return;
          button.ariaBusy = 'true';
          void this.#press(id, label).finally(() => {
            button.ariaBusy = null;
          });
        },
      },
    });
    setPressed(button, active);
    this.#buttons.set(id, button);
    return button;
  }
}

/** What is neither on nor off is a plain button. */
function setPressed(button: HTMLButtonElement, active: boolean | null): void {
  if (active === null) button.removeAttribute('aria-pressed');
  else setAttr(button, 'aria-pressed', String(active));
}
