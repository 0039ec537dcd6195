import { hook } from '../hooks';
import { h } from './dom';

const STAYS_MS = 7000;

/** Short messages about what was done or refused, at the foot of the page. */
export class Notices {
  readonly root = h('div', { class: 'notices', attrs: { role: 'status', 'aria-atomic': 'false' } });

  say(text: string, kind: 'good' | 'running' | 'bad' = 'good'): void {
    const close = h('button', { class: 'quiet', text: 'Dismiss', attrs: { type: 'button' }, on: { click: () => note.remove() } });
    const note = h('div', { class: `notice ${kind}`, testid: hook.notice }, h('span', { class: 'foreign', text }), close);
    this.root.append(note);
    while (this.root.childElementCount > 3) this.root.firstElementChild?.remove();
    // Not while somebody reads it.
    const leave = (): void => {
      if (note.matches(':hover, :focus-within')) setTimeout(leave, STAYS_MS);
      else note.remove();
    };
    setTimeout(leave, kind === 'bad' ? 2 * STAYS_MS : STAYS_MS);
  }
}
