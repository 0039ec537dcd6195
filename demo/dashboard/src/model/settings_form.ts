import type { ConfigField, ConfigValue, ConfigValues } from '../api';

// The form of a breaker's settings: what was typed, what it means, what differs.

export interface Difference {
  name: string;
  before: ConfigValue;
  after: ConfigValue;
}

/** What is sent. A text that is no number is sent as it is: the server says what is allowed. */
export function fieldValue(field: ConfigField, typed: string): ConfigValue {
  const text = typed.trim();
  if (field.type === 'boolean') return text === 'true';
  if (field.type === 'duration') return text.replace(/\s+/g, '');
  if (text === '') return text;
  const value = Number(text);
  return Number.isFinite(value) ? value : text;
}

export function differences(
  fields: readonly ConfigField[], values: ConfigValues, typed: ReadonlyMap<string, string>,
): Difference[] {
  const result: Difference[] = [];
  for (const field of fields) {
    const text = typed.get(field.name);
    const before = values[field.name];
    if (text === undefined || before === undefined) continue;
    const after = fieldValue(field, text);
    if (String(after) !== String(before)) result.push({ name: field.name, before, after });
  }
  return result;
}

export function asChange(list: readonly Difference[]): ConfigValues {
  return Object.fromEntries(list.map(({ name, after }) => [name, after]));
}
