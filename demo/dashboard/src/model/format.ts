// Numbers and times for people: three digits say enough.

const THIN = '\u202f';

/** 0, 7, 0.25, 12.5, 840, 1.24k, 3.1M. */
export function short(value: number): string {
  if (!Number.isFinite(value)) return '–';
  const size = Math.abs(value);
  if (size >= 999_950_000) return three(value / 1e9) + 'G';
  if (size >= 999_950) return three(value / 1e6) + 'M';
  if (size >= 999.5) return three(value / 1e3) + 'k';
  return three(value);
}

function three(value: number): string {
  const size = Math.abs(value);
  if (Number.isInteger(value)) return String(value);
  const digits = size >= 99.95 ? 0 : size >= 9.995 ? 1 : 2;
  const text = value.toFixed(digits);
  return text.includes('.') ? text.replace(/\.?0+$/, '') : text;
}

/** Rates keep one decimal so that they do not dance about. */
export function rate(perSecond: number): string {
  if (!Number.isFinite(perSecond)) return '–';
  if (Math.abs(perSecond) >= 999.5) return short(perSecond);
  if (perSecond !== 0 && Math.abs(perSecond) < 0.05) return '<0.1';
  return Math.abs(perSecond) >= 99.95 ? perSecond.toFixed(0) : perSecond.toFixed(1);
}

export function perSecond(value: number): string {
  return rate(value) + '/s';
}

/** All digits, in groups: for where there is room. */
export function whole(value: number): string {
  if (!Number.isFinite(value)) return '–';
  return Math.round(value).toString().replace(/\B(?=(\d{3})+(?!\d))/g, THIN);
}

/** A share of 0 to 1 in percent; 100 % only if it is all. */
export function percent(share: number | null | undefined): string {
  if (share === null || share === undefined || !Number.isFinite(share)) return '–';
  const value = share * 100;
  if (value === 0 || value === 100) return `${value} %`;
  if (value > 99.99) return '>99.99 %';
  if (value < 0.01) return '<0.01 %';
  return `${value >= 99 ? value.toFixed(2) : value >= 10 ? value.toFixed(1) : value.toFixed(2)} %`;
}

/** A latency: 0.12 ms, 3.1 ms, 240 ms, 1.2 s. */
export function latency(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return '–';
  if (ms >= 59_950) return span(ms);
  if (ms >= 999.5) return `${trim((ms / 1000).toFixed(ms >= 9995 ? 1 : 2))} s`;
  if (ms >= 99.5) return `${ms.toFixed(0)} ms`;
  if (ms >= 0.995) return `${ms.toFixed(1)} ms`;
  if (ms > 0) return `${ms.toFixed(2)} ms`;
  return '0 ms';
}

function trim(text: string): string {
  return text.replace(/\.?0+$/, '');
}

/** A length of time in its two largest units: 3 s, 4 min 10 s, 2 h 5 min, 3 d. */
export function span(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return two(minutes, 'min', seconds % 60, 's');
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return two(hours, 'h', minutes % 60, 'min');
  return two(Math.floor(hours / 24), 'd', hours % 24, 'h');
}

function two(large: number, unit: string, small: number, smaller: string): string {
  return small === 0 ? `${large} ${unit}` : `${large} ${unit} ${small} ${smaller}`;
}

/** What is left of a wait: tenths below ten seconds, rounded up so that 0.0 means now. */
export function remaining(ms: number): string {
  if (ms <= 0) return '0.0 s';
  if (ms < 10_000) return `${(Math.ceil(ms / 100) / 10).toFixed(1)} s`;
  return span(Math.ceil(ms / 1000) * 1000);
}

/** The time of day, in the viewer's zone. */
export function clock(at: Date | number | string): string {
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '–';
  return [date.getHours(), date.getMinutes(), date.getSeconds()].map(pad).join(':');
}

/** Date, time of day with milliseconds and zone: for tooltips. */
export function moment(at: Date | number | string | null): string {
  if (at === null) return '–';
  const date = new Date(at);
  if (Number.isNaN(date.getTime())) return '–';
  const offset = -date.getTimezoneOffset();
  const zone = offset === 0 ? 'UTC'
    : `UTC${offset > 0 ? '+' : '−'}${pad(Math.floor(Math.abs(offset) / 60))}:${pad(Math.abs(offset) % 60)}`;
  const day = `${date.getFullYear()}-${pad(date.getMonth() + 1)}-${pad(date.getDate())}`;
  return `${day} ${clock(date)}.${String(date.getMilliseconds()).padStart(3, '0')} ${zone}`;
}

function pad(value: number): string {
  return String(value).padStart(2, '0');
}

/** As much of it as fits into so many bytes of UTF-8, in whole characters. */
export function clip(text: string, bytes: number): string {
  return text.slice(0, new TextEncoder().encodeInto(text, new Uint8Array(bytes)).read);
}

export function plural(count: number, one: string, many = one + 's'): string {
  return `${whole(count)} ${count === 1 ? one : many}`;
}
