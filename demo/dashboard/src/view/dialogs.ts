import { hook } from '../hooks';
import type { Session } from '../live/session';
import { clip } from '../model/format';
import { h, show, uniqueId } from './dom';

// Native dialogs: the browser keeps the focus inside and gives it back.

export function openDialog(dialog: HTMLDialogElement): void {
  document.body.append(dialog);
  dialog.addEventListener('close', () => dialog.remove());
  // A click beside it closes it; not one that began within, e.g. to mark a text.
  let beside = false;
  dialog.addEventListener('pointerdown', ({ target }) => {
    beside = target === dialog;
  });
  dialog.addEventListener('click', ({ target }) => {
    if (beside && target === dialog) dialog.close();
  });
  dialog.showModal();
}

export function makeDialog(title: string, testid: string | null, ...content: HTMLElement[]): HTMLDialogElement {
  const id = uniqueId('dialog');
  const dialog = h('dialog', { attrs: { 'aria-labelledby': id } },
    h('div', { class: 'dialog-body' }, h('h2', { text: title, attrs: { id } }), ...content));
  if (testid) dialog.dataset['testid'] = testid;
  return dialog;
}

// The server counts bytes, not characters.
const REASON_BYTES = 200;

export interface Question {
  title: string;
  effect: string;
  subject: string | null;
  button: string;
  grave: boolean;
}

/** Asks before something is done; the reason that was given (maybe ""), or null: don't. */
export function confirmAction(question: Question): Promise<string | null> {
  return new Promise((resolve) => {
    const field = uniqueId('reason');
    const reason = h('input', {
      testid: hook.confirmReason, attrs: { id: field, type: 'text', maxlength: String(REASON_BYTES), autocomplete: 'off' },
    });
    let answer: string | null = null;
    const form = h('form', {
      on: {
        submit: (event) => {
          event.preventDefault();
          answer = clip(reason.value.trim(), REASON_BYTES);
          dialog.close();
        },
      },
    },
    question.subject === null ? null : h('p', { class: 'subject foreign', text: question.subject }),
    h('p', { text: question.effect }),
    h('label', { text: 'Reason, for the log (optional)', attrs: { for: field } }), reason,
    h('div', { class: 'dialog-buttons' },
      h('button', { text: 'Cancel', testid: hook.cancel, attrs: { type: 'button' }, on: { click: () => dialog.close() } }),
      h('button', {
        class: question.grave ? 'primary grave' : 'primary', text: question.button, testid: hook.confirm, attrs: { type: 'submit' },
      })));
    const dialog = makeDialog(question.title, null, form);
    dialog.addEventListener('close', () => resolve(answer));
    openDialog(dialog);
    reason.focus();
  });
}

/** Asks for the token; true once there is one that the server knows. */
export function askToken(session: Session, why: string): Promise<boolean> {
  return new Promise((resolve) => {
    const field = uniqueId('token');
    const fault = uniqueId('fault');
    const input = h('input', {
      testid: hook.token,
      attrs: { id: field, type: 'password', autocomplete: 'current-password', required: '', 'aria-describedby': fault },
    });
    const error = h('p', { class: 'fault', testid: hook.signinError, attrs: { id: fault, role: 'alert', hidden: '' } });
    const submit = h('button', { class: 'primary', text: 'Sign in', testid: hook.signinSubmit, attrs: { type: 'submit' } });
    let done = false;
    const form = h('form', {
      on: {
        submit: (event) => {
          event.preventDefault();
          submit.disabled = true;
          void session.signIn(input.value.trim()).then((fault) => {
            submit.disabled = false;
            if (fault === null) {
              done = true;
              dialog.close();
              return;
            }
            error.textContent = fault;
            show(error, true);
            input.setAttribute('aria-invalid', 'true');
            input.select();
          });
        },
      },
    },
    h('p', { text: why }),
    // For password managers, which file a secret under a name.
    h('input', { attrs: { type: 'text', autocomplete: 'username', value: 'operator', hidden: '', tabindex: '-1' } }),
    h('label', { text: 'Token', attrs: { for: field } }), input, error,
    h('p', { class: 'hint', text: 'It is in the program’s configuration, or in the address that the program prints. It is kept for this tab only.' }),
    h('div', { class: 'dialog-buttons' },
      h('button', { text: 'Cancel', testid: hook.cancel, attrs: { type: 'button' }, on: { click: () => dialog.close() } }),
      submit));
    const dialog = makeDialog('Sign in', hook.signinDialog, form);
    dialog.addEventListener('close', () => resolve(done));
    openDialog(dialog);
    input.focus();
  });
}

const KEYS: readonly [string, string][] = [
  ['/', 'Search'],
  ['← → ↑ ↓', 'Move between breakers'],
  ['Home End', 'First and last breaker'],
  ['Enter', 'Open the breaker’s page'],
  ['Esc', 'Back to the wall'],
  ['d', 'Cards or rows'],
  ['e', 'Events'],
  ['?', 'This list'],
];

export function showShortcuts(): void {
  const list = h('dl', { class: 'keys' });
  for (const [key, meaning] of KEYS) {
    const keys = key.split(' ').map((each) => h('kbd', { text: each }));
    list.append(h('dt', {}, ...keys), h('dd', { text: meaning }));
  }
  const dialog = makeDialog('Keyboard shortcuts', null, list, h('div', { class: 'dialog-buttons' },
    h('button', { class: 'primary', text: 'Close', attrs: { type: 'button' }, on: { click: () => dialog.close() } })));
  openDialog(dialog);
}
