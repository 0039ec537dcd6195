import { hook } from '../hooks';
import { h } from './dom';

const STAYS_MS = 7000;

/** Short messages about what was done or refused, at the foot of the page. */
export class Notices {
  readonly root = h('div', { class: 'notices', attrs: { role: 'status' } });

  say(text: string, kind: 'good' | 'running' | 'bad' = 'good'): void {
    const close = h('button', { class: 'quiet', text: 'Dismiss', attrs: { type: 'button' }, on: { click: () => note.remove() } });
    const note = h('div', { class: `notice ${kind}`, testid: hook.notice }, h('span', { class: 'foreign', text }), close);
    this.root.append(note);
    while (this.root.childElementCount > 3) this.root.firstElementChild?.remove();
    setTimeout(() => note.remove(), kind === 'bad' ? 2 * STAYS_MS : STAYS_MS);
  }
}
