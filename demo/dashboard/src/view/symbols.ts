import type { State } from '../api';
import { s } from './dom';

/**
 * The sign of a breaker in a wiring diagram: a lever between two contacts. It
 * is closed, open, or half-way; `data-state` says which, the style sheet turns
 * the lever.
 */
export function contact(state: State, className = ''): SVGSVGElement {
  return s('svg', { class: `contact ${className}`, viewBox: '0 0 24 40', 'aria-hidden': 'true', 'data-state': state },
    s('path', { class: 'wire feed', d: 'M12 0V9' }),
    s('path', { class: 'wire load', d: 'M12 31V40' }),
    s('path', { class: 'gap', d: 'M12 28 V11' }),
    s('g', { class: 'lever' }, s('path', { d: 'M12 29V10' })),
    s('circle', { class: 'fixed', cx: 12, cy: 10, r: 2.6 }),
    s('circle', { class: 'pivot', cx: 12, cy: 30, r: 2.6 }));
}

export function icon(name: keyof typeof PATHS): SVGSVGElement {
  return s('svg', { class: 'icon', viewBox: '0 0 20 20', 'aria-hidden': 'true' }, s('path', { d: PATHS[name] }));
}

const PATHS = {
  search: 'M9 3.500a5.500 5.500 0 1 0 0 11a5.500 5.500 0 0 0 0-11M13.200 13.200L17 17',
  cards: 'M3 3h6v6H3zM11 3h6v6h-6zM3 11h6v6H3zM11 11h6v6h-6z',
  rows: 'M3 5h14M3 10h14M3 15h14',
  system: 'M3 4h14v9H3zM7 17h6M10 13v4',
  light: 'M10 6.500a3.500 3.500 0 1 0 0 7a3.500 3.500 0 0 0 0-7M10 1.500v2M10 16.500v2M1.500 10h2M16.500 10h2M4 4l1.400 1.400M14.600 14.600L16 16M16 4l-1.400 1.400M5.400 14.600L4 16',
  dark: 'M16.500 12A7 7 0 1 1 8 3.500A5.500 5.500 0 0 0 16.500 12z',
  key: 'M7 6.500a3.500 3.500 0 1 0 0 7a3.500 3.500 0 0 0 0-7M10.500 10H18M15 10v3M18 10v2',
  back: 'M12 4l-6 6l6 6',
  up: 'M4 12l6-6l6 6',
  down: 'M4 8l6 6l6-6',
  pause: 'M7 4v12M13 4v12',
  play: 'M6 4l10 6l-10 6z',
  warn: 'M10 3L18 17H2zM10 8v4M10 14.500v.5',
  info: 'M10 2.500a7.500 7.500 0 1 0 0 15a7.500 7.500 0 0 0 0-15M10 9v5M10 6v.5',
  dot: 'M10 8.500a1.500 1.500 0 1 0 0 3a1.500 1.500 0 0 0 0-3',
  hand: 'M6 10V5.500a1.200 1.200 0 0 1 2.400 0V9V3.700a1.200 1.200 0 0 1 2.400 0V9V4.500a1.200 1.200 0 0 1 2.400 0V10V7a1.200 1.200 0 0 1 2.400 0v5.500a5 5 0 0 1-5 5h-.8a5 5 0 0 1-4-2L3.200 11.500a1.300 1.300 0 0 1 2-1.600z',
} as const;
