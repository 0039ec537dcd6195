import { hook } from '../hooks';
import { Signal } from '../live/signal';
import { recall, remember } from '../live/storage';
import { h, setData } from './dom';
import { icon } from './symbols';

export type Theme = 'system' | 'light' | 'dark';

const KEY = 'switchgear.theme';
const NEXT: Record<Theme, Theme> = { system: 'light', light: 'dark', dark: 'system' };
const LABEL: Record<Theme, string> = { system: 'system', light: 'light', dark: 'dark' };

/** Emitted when colours changed: what is drawn on a canvas must be drawn anew. */
export const themeChanged = new Signal();

export function themeSwitch(): HTMLButtonElement {
  let theme = stored();
  const button = h('button', {
    class: 'quiet square', testid: hook.theme, attrs: { type: 'button' },
    on: {
      click: () => {
        theme = NEXT[theme];
        remember('localStorage', KEY, theme);
        apply();
      },
    },
  });
  const apply = (): void => {
    document.documentElement.dataset['theme'] = theme;
    setData(button, 'theme', theme);
    button.setAttribute('aria-label', `Theme: ${LABEL[theme]}`);
    button.title = `Theme: ${LABEL[theme]}`;
    button.replaceChildren(icon(theme));
    themeChanged.emit();
  };
  matchMedia('(prefers-color-scheme: dark)').addEventListener('change', () => themeChanged.emit());
  apply();
  return button;
}

function stored(): Theme {
  const value = recall('localStorage', KEY);
  return value === 'light' || value === 'dark' ? value : 'system';
}

/** The colour of a custom property as a canvas understands it. */
export function colour(name: string): string {
  const probe = h('span', { attrs: { hidden: '' } });
  probe.style.color = `var(${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}
