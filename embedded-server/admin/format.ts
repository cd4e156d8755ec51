/** How Apache prints numbers, dates and roles, for output that tools written against it parse. */
import type { QuorumView } from './admin-view.ts';

/** Up to four decimals, at least one: `0.0`, `1.25`, `0.3333`. */
export function formatDouble(value: number): string {
  const rounded = Math.round(value * 10_000) / 10_000;
  return Number.isInteger(rounded) ? rounded.toFixed(1) : String(rounded);
}

const DAYS = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'];
const MONTHS = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'];

/** `Sat Nov 21 02:29:47 UTC 2026`: java.util.Date's text, always in UTC. */
export function formatJavaDate(wallMs: number): string {
  const date = new Date(wallMs);
  const pad = (value: number): string => String(value).padStart(2, '0');
  const time = `${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}`;
  const day = `${DAYS[date.getUTCDay()] ?? ''} ${MONTHS[date.getUTCMonth()] ?? ''} ${pad(date.getUTCDate())}`;
  return `${day} ${time} UTC ${date.getUTCFullYear()}`;
}

const MODES = {
  LOOKING: 'looking',
  FOLLOWING: 'follower',
  LEADING: 'leader',
  OBSERVING: 'observer',
} as const;

/** The role of a server, `standalone` without an ensemble. */
export function modeOf(quorum: QuorumView | undefined): string {
  if (quorum?.isReadOnly === true) return 'read-only';
  return quorum ? MODES[quorum.peerState] : 'standalone';
}
