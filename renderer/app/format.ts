/**
 * How numbers, times and identifiers are written on screen (VISUAL.md, "Numbers and identifiers"). Pure: the language
 * and the present time are arguments, so that a test can pin both; `useFormat` binds the person's language.
 * Identifiers are never rounded or shortened here: what can be copied stays whole.
 */
import { formatZxid, zxidFromHex } from '../../shared/zxid.ts';

export type Language = 'en' | 'zh-CN';

/** Thin space: thousands are set apart without looking like two numbers. */
const THIN = '\u2009';
/** Between a number and its unit, unbreakable. */
const GAP = '\u00a0';

const SECOND_MS = 1_000;
const MINUTE_MS = 60 * SECOND_MS;
const HOUR_MS = 60 * MINUTE_MS;
const DAY_MS = 24 * HOUR_MS;

/** `0x5_0000001c` from a DTO's `0x50000001c`; what is not a zxid is returned as it is. */
export function formatZxidHex(hex: string): string {
  return /^0x[0-9a-f]{1,16}$/.test(hex) ? formatZxid(zxidFromHex(hex)) : hex;
}

/** A session id as ZooKeeper writes it; `0x0` is no session. */
export function formatSessionId(hex: string): string {
  return hex;
}

/** `14 212` with thin spaces. */
export function formatCount(count: number): string {
  const [whole = '', fraction] = String(Math.abs(count)).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, THIN);
  return `${count < 0 ? '\u2212' : ''}${grouped}${fraction === undefined ? '' : `.${fraction}`}`;
}

/** One decimal below 10, none from there: `1.2`, `12`, `0.4`; a whole number stays whole. */
export function formatDecimal(value: number): string {
  const rounded = Math.abs(value) < 10 ? Math.round(value * 10) / 10 : Math.round(value);
  return formatCount(rounded);
}

/** `372 B`, `1.2 KB`, `64 MB`; units are powers of 1024, as ZooKeeper's limits are. */
export function formatBytes(bytes: number): string {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let value = bytes;
  let unit = 0;
  // 1023.6 KB would be rounded to 1 024 KB.
  while (Math.round(Math.abs(value)) >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${unit === 0 ? formatCount(value) : formatDecimal(value)}${GAP}${units[unit] ?? ''}`;
}

/** `1.2 ms`. */
export function formatMs(ms: number): string {
  return `${formatDecimal(ms)}${GAP}ms`;
}

const DURATION_UNITS: Record<Language, { d: string; h: string; min: string; s: string; ms: string }> = {
  en: { d: 'd', h: 'h', min: 'min', s: 's', ms: 'ms' },
  'zh-CN': { d: '天', h: '小时', min: '分', s: '秒', ms: '毫秒' },
};

/** `30 s`, `4 min 12 s`, `2 h 5 min`, `3 d 4 h`: the two largest units; milliseconds only below a second. */
export function formatDuration(durationMs: number, language: Language): string {
  const units = DURATION_UNITS[language];
  const ms = Math.max(0, durationMs);
  if (ms < SECOND_MS) return `${formatDecimal(ms)}${GAP}${units.ms}`;
  if (ms < 10 * SECOND_MS) return `${formatDecimal(ms / SECOND_MS)}${GAP}${units.s}`;
  const seconds = Math.round(ms / SECOND_MS);
  const parts: [number, string][] = [
    [Math.floor(seconds / 86_400), units.d],
    [Math.floor((seconds % 86_400) / 3_600), units.h],
    [Math.floor((seconds % 3_600) / 60), units.min],
    [seconds % 60, units.s],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  return parts
    .slice(first, first + 2)
    .filter(([count]) => count > 0)
    .map(([count, unit]) => `${count}${GAP}${unit}`)
    .join(' ');
}

/** `1:05:09` or `12:09`: what is left until a moment, for countdowns that step each second. */
export function formatCountdown(leftMs: number): string {
  const seconds = Math.max(0, Math.ceil(leftMs / SECOND_MS));
  const hours = Math.floor(seconds / 3_600);
  const minutes = Math.floor((seconds % 3_600) / 60);
  const tail = String(seconds % 60).padStart(2, '0');
  return hours > 0 ? `${hours}:${String(minutes).padStart(2, '0')}:${tail}` : `${minutes}:${tail}`;
}

/** `12:04:11.204`, local. */
export function formatTimeOfDay(atMs: number): string {
  const at = new Date(atMs);
  return `${formatClock(at)}.${String(at.getMilliseconds()).padStart(3, '0')}`;
}

function formatClock(at: Date): string {
  return [at.getHours(), at.getMinutes(), at.getSeconds()]
    .map((part) => String(part).padStart(2, '0'))
    .join(':');
}

const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `12:04:11.204` today; `20 Nov 16:02` before; with the year when it is another one. Local time. */
export function formatTime(atMs: number, language: Language, nowMs: number): string {
  const at = new Date(atMs);
  const now = new Date(nowMs);
  if (at.toDateString() === now.toDateString()) return formatTimeOfDay(atMs);
  const clock = formatClock(at).slice(0, 5);
  const isThisYear = at.getFullYear() === now.getFullYear();
  const year = at.getFullYear();
  const day = at.getDate();
  if (language === 'zh-CN') {
    const date = `${at.getMonth() + 1}月${day}日`;
    return `${isThisYear ? date : `${year}年${date}`} ${clock}`;
  }
  const date = `${day} ${MONTHS[at.getMonth()] ?? ''}`;
  return `${isThisYear ? date : `${date} ${year}`} ${clock}`;
}

/** `2026-11-20 16:02:09.120`, local: the whole moment, for hover texts. */
export function formatFullTime(atMs: number): string {
  const at = new Date(atMs);
  const date = [at.getFullYear(), at.getMonth() + 1, at.getDate()]
    .map((part) => String(part).padStart(2, '0'))
    .join('-');
  return `${date} ${formatTimeOfDay(atMs)}`;
}

/** `2026-11-20T15:02:09.120Z`. */
export function formatUtc(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** `3 min ago`, `3 分钟前`, `in 12 s`. Only beside something absolute on hover. */
export function formatRelative(atMs: number, language: Language, nowMs: number): string {
  const pastMs = nowMs - atMs;
  const isPast = pastMs >= 0;
  const distanceMs = Math.abs(pastMs);
  if (distanceMs < 2 * SECOND_MS) return language === 'zh-CN' ? '刚刚' : 'just now';
  const [count, en, zh] = relativeUnit(distanceMs);
  if (language === 'zh-CN') return `${count}${GAP}${zh}${isPast ? '前' : '后'}`;
  return isPast ? `${count}${GAP}${en} ago` : `in ${count}${GAP}${en}`;
}

function relativeUnit(distanceMs: number): [count: number, en: string, zh: string] {
  if (distanceMs < MINUTE_MS) return [Math.floor(distanceMs / SECOND_MS), 's', '秒'];
  if (distanceMs < HOUR_MS) return [Math.floor(distanceMs / MINUTE_MS), 'min', '分钟'];
  if (distanceMs < DAY_MS) return [Math.floor(distanceMs / HOUR_MS), 'h', '小时'];
  const days = Math.floor(distanceMs / DAY_MS);
  return [days, days === 1 ? 'day' : 'days', '天'];
}

/** Shortens in the middle: `_c_4f1c…-lock-0000000041`. For names only, never for ids. */
export function shortenMiddle(text: string, charsMax: number): string {
  const chars = Array.from(text);
  if (chars.length <= charsMax) return text;
  const tail = Math.ceil((charsMax - 1) / 2);
  const head = charsMax - 1 - tail;
  return `${chars.slice(0, head).join('')}…${chars.slice(chars.length - tail).join('')}`;
}

/** Shortens a path at its start, by whole names where they fit: `…/topics/orders.v2`. */
export function shortenPath(path: string, charsMax: number): string {
  if (path.length <= charsMax) return path;
  const names = path.split('/').slice(1);
  let kept = '';
  for (const name of names.reverse()) {
    const longer = `/${name}${kept}`;
    if (longer.length + 1 > charsMax) break;
    kept = longer;
  }
  return kept === '' ? shortenMiddle(path, charsMax) : `…${kept}`;
}
