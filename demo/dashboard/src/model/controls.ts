import type { Control } from '../api';

export interface ControlGroup {
  group: string;
  controls: Control[];
}

/** The controls of one tool (null: of the whole program), by group, in the order given. */
export function controlsOf(controls: readonly Control[], tool: string | null): ControlGroup[] {
  const groups: ControlGroup[] = [];
  for (const control of controls) {
    if (control.tool !== tool) continue;
    const group = groups.find((each) => each.group === control.group);
    if (group) group.controls.push(control);
    else groups.push({ group: control.group, controls: [control] });
  }
  return groups;
}

/** Tells whether buttons need to be made anew, or only their state changed. */
export function sameControls(a: readonly ControlGroup[], b: readonly ControlGroup[]): boolean {
  const key = (groups: readonly ControlGroup[]): string =>
    JSON.stringify(groups.map(({ group, controls }) => [group, controls.map(({ id, label, description }) => [id, label, description])]));
  return key(a) === key(b);
}
