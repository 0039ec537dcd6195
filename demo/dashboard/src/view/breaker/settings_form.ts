import type { Config, ConfigField, ConfigValues } from '../../api';
import { hook } from '../../hooks';
import { ApiError } from '../../live/http';
import { asChange, differences } from '../../model/settings_form';
import { toolName } from '../../model/words';
import { makeDialog, openDialog } from '../dialogs';
import { h, show, uniqueId } from '../dom';
import { MAYBE_DONE, explain } from '../operator';

type Apply = (change: ConfigValues) => Promise<boolean>;

interface Row {
  field: ConfigField;
  root: HTMLElement;
  input: HTMLInputElement | HTMLSelectElement;
  error: HTMLElement;
}

/** A form made of what the server says of each setting; it shows what would change. */
export function editSettings(tool: string, config: Config, apply: Apply): void {
  const diff = h('ul', { class: 'diff', testid: hook.configDiff, attrs: { 'aria-live': 'polite' } });
  const fault = h('p', { class: 'fault', attrs: { role: 'alert', hidden: '' } });
  const button = h('button', { class: 'primary', text: 'Apply', testid: hook.configApply, attrs: { type: 'submit' } });
  const rows = config.fields.map((field) => makeRow(field, config.values));

  const list = (): ReturnType<typeof differences> =>
    differences(config.fields, config.values, new Map(rows.map(({ field, input }) => [field.name, input.value])));
  const preview = (): void => {
    const changes = list();
    button.disabled = changes.length === 0;
    diff.replaceChildren(...(changes.length === 0 ? [h('li', { class: 'none', text: 'No changes yet.' })]
      : changes.map(({ name, before, after }) => h('li', {},
        h('code', { text: name }), ' ', h('del', { text: String(before) }), ' → ', h('ins', { text: String(after) })))));
    for (const { root, field } of rows) root.classList.toggle('changed', changes.some(({ name }) => name === field.name));
  };
  const submit = async (): Promise<void> => {
    clearErrors(rows);
    show(fault, false);
    button.disabled = true;
    try {
      if (await apply(asChange(list()))) {
        dialog.close();
        return;
      }
    } catch (error) {
      showErrors(rows, error, fault);
    }
    button.disabled = false;
  };

  const form = h('form', {
    class: 'settings-form', attrs: { novalidate: '' },
    on: {
      input: preview,
      submit: (event) => {
        event.preventDefault();
        if (!button.disabled) void submit();
      },
    },
  },
  h('p', { class: 'subject foreign', text: toolName(tool) }),
  h('p', { class: 'hint', text: 'Counts, window and state stay as they are. Durations have a unit: 500ms, 30s, 5min, 1h.' }),
  h('div', { class: 'fields' }, ...rows.map(({ root }) => root)),
  h('div', { class: 'form-foot' }, h('h3', { text: 'Changes' }), diff, fault,
    h('div', { class: 'dialog-buttons' },
      h('button', { text: 'Cancel', testid: hook.cancel, attrs: { type: 'button' }, on: { click: () => dialog.close() } }), button)));
  const dialog = makeDialog('Change settings', null, form);
  dialog.classList.add('wide');
  preview();
  openDialog(dialog);
  rows[0]?.input.focus();
}

function makeRow(field: ConfigField, values: ConfigValues): Row {
  const id = uniqueId('field');
  const value = String(values[field.name] ?? field.value ?? field.default);
  const described = `${id}-what ${id}-fault`;
  const attrs = { id, 'data-name': field.name, 'aria-describedby': described };
  let input: Row['input'];
  if (field.type === 'boolean') {
    input = h('select', { testid: hook.configField, attrs },
      h('option', { text: 'true', attrs: { value: 'true' } }), h('option', { text: 'false', attrs: { value: 'false' } }));
    input.value = value;
  } else {
    const inputmode = field.type === 'integer' ? 'numeric' : field.type === 'number' ? 'decimal' : 'text';
    input = h('input', { testid: hook.configField, attrs: { ...attrs, type: 'text', inputmode, autocomplete: 'off', spellcheck: 'false' } });
    input.value = value;
  }
  const error = h('p', { class: 'fault', testid: hook.configError, attrs: { id: `${id}-fault`, 'data-name': field.name, hidden: '' } });
  const root = h('div', { class: 'field' },
    h('label', { text: field.name, attrs: { for: id } }), input,
    h('p', { class: 'hint', text: `${field.meaning}. Allowed: ${field.allowed}; default ${String(field.default)}.`, attrs: { id: `${id}-what` } }),
    error);
  return { field, root, input, error };
}

function clearErrors(rows: readonly Row[]): void {
  for (const { input, error } of rows) {
    input.removeAttribute('aria-invalid');
    show(error, false);
  }
}

function showErrors(rows: readonly Row[], problem: unknown, fault: HTMLElement): void {
  const details = problem instanceof ApiError ? problem.details : [];
  let first: Row | undefined;
  for (const { field, value, allowed } of details) {
    const row = rows.find((each) => each.field.name === field);
    if (!row) continue;
    row.input.setAttribute('aria-invalid', 'true');
    row.error.textContent = `${value} is not allowed here. Allowed: ${allowed}.`;
    show(row.error, true);
    first ??= row;
  }
  fault.textContent = explain(problem, MAYBE_DONE);
  show(fault, true);
  first?.input.focus();
}
