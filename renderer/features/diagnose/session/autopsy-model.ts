/**
 * The expiry autopsy as geometry in time: one axis for the client, its server, the leader and the session's timer. Only what
 * was told or seen is on it; what is only known to have happened between two polls is a stretch, not a point. Pure.
 */
import type {
  Coincidence,
  Heard,
  PicturedConnection,
  SessionPicture,
} from '../../../../shared/api/diagnosis.ts';

export interface Span {
  readonly fromMs: number;
  readonly toMs: number;
}

export interface Block extends Span {
  readonly kind: 'fsync' | 'stall';
}

export interface ServerLane {
  readonly sid: number | null;
  readonly server: string;
  readonly answers: SessionPicture['servers'][number]['answers'];
  readonly slowestMs: number;
  readonly blocks: readonly Block[];
  readonly losses: readonly (Span & {
    readonly standing: Extract<Coincidence, { kind: 'server-lost' }>['standing'];
  })[];
  readonly startsMs: readonly number[];
}

export interface Autopsy {
  readonly axis: Span;
  readonly endMs: number;
  readonly byClient: boolean;
  readonly heard: readonly Heard[];
  readonly connections: readonly Span[];
  /** When it was last heard of; exact only where the leader told. */
  readonly lastHeard: { readonly atMs: number; readonly isExact: boolean } | null;
  /** From the last sign of life to the end; null where there was no silence, or nobody knows. */
  readonly silence: Span | null;
  /** Its last connection ended so long before the session. */
  readonly connectionEndMs: number | null;
  /** It came back, in vain. */
  readonly backMs: number | null;
  readonly own: ServerLane | null;
  /** Its server led itself, as far as anybody told who led. */
  readonly ownLeads: boolean;
  readonly leader: ServerLane | null;
  readonly elections: readonly Span[];
  readonly ownStalls: readonly Span[];
  /** What was left of the timeout, as corners of a line; empty where the timeout or the signs of life are not known. */
  readonly timer: readonly { readonly atMs: number; readonly leftMs: number }[];
  readonly timeoutMs: number | null;
  readonly bucketMs: number | null;
}

/** Before the last sign of life so much is shown, in silences. */
const BEFORE_SHARE = 0.75;
const SHOWN_MS_MIN = 8_000;
const AFTER_SHARE = 0.28;
const BACK_MS_MAX = 8_000;
/** A connection that is found gone with the session was ended by it. */
const TOGETHER_MS = 500;

/** Demands a session that has ended. */
export function autopsyOf(picture: SessionPicture, endMs: number): Autopsy {
  const { end, timeoutMs, expiry, connections } = picture;
  const byClient = end?.byClient === true;
  const lastHeard = lastHeardOf(picture, endMs);
  const silence = byClient || lastHeard === null ? null : { fromMs: lastHeard.atMs, toMs: endMs };
  const axis = axisOf(picture, { endMs, silence });
  const [first, second] = picture.servers;
  const hasOwn = connections.length > 0;
  const own = hasOwn ? first : undefined;
  const leader = hasOwn ? second : first;
  return {
    axis,
    endMs,
    byClient,
    heard: picture.heard.filter(({ atMs }) => atMs >= axis.fromMs && atMs <= endMs),
    connections: connections.map((connection) => clip(spanOf(connection, endMs), axis)).filter(isSpan),
    lastHeard,
    silence,
    connectionEndMs: connectionEnd(connections.at(-1), endMs),
    backMs: picture.refusals.find(({ atMs }) => atMs >= endMs - TOGETHER_MS)?.atMs ?? null,
    own: own === undefined ? null : laneOf(own, picture, axis),
    ownLeads: picture.reigns.some(
      ({ leader: sid, fromMs, toMs }) => sid === own?.sid && fromMs <= endMs && (toMs ?? endMs) >= endMs,
    ),
    leader: leader === undefined ? null : laneOf(leader, picture, axis),
    elections: spansOf(picture, 'election', axis),
    ownStalls: spansOf(picture, 'own-stall', axis),
    timer: timerOf(picture, { axis, endMs, lastHeard, byClient }),
    timeoutMs,
    bucketMs: expiry?.bucketMs ?? null,
  };
}

function lastHeardOf(picture: SessionPicture, endMs: number): Autopsy['lastHeard'] {
  const told = picture.expiry?.lastHeardMs ?? null;
  if (told !== null) return { atMs: told, isExact: true };
  const seen = picture.heard.findLast(({ atMs }) => atMs < endMs);
  return seen === undefined ? null : { atMs: seen.atMs, isExact: seen.withinMs === 0 };
}

function axisOf(picture: SessionPicture, { endMs, silence }: { endMs: number; silence: Span | null }): Span {
  const silentMs = silence === null ? 0 : silence.toMs - silence.fromMs;
  const shownMs = Math.max(SHOWN_MS_MIN, silentMs, picture.timeoutMs ?? 0);
  const fromMs = Math.min(silence?.fromMs ?? endMs, endMs - shownMs) - shownMs * BEFORE_SHARE;
  const backMs = picture.refusals.find(({ atMs }) => atMs >= endMs)?.atMs ?? endMs;
  const afterMs = Math.min(BACK_MS_MAX, backMs - endMs) + shownMs * AFTER_SHARE;
  const createdMs = picture.createdMs ?? fromMs;
  return { fromMs: Math.max(fromMs, createdMs - shownMs * AFTER_SHARE), toMs: endMs + afterMs };
}

function laneOf(
  { sid, server, answers }: SessionPicture['servers'][number],
  { coincidences }: SessionPicture,
  axis: Span,
): ServerLane {
  const shown = answers.filter(({ atMs }) => atMs >= axis.fromMs && atMs <= axis.toMs);
  const isHere = (other: { readonly sid: number | null; readonly server: string }): boolean =>
    other.server === server || (sid !== null && other.sid === sid);
  return {
    sid,
    server,
    answers: shown,
    slowestMs: Math.max(1, ...shown.map(({ tookMs }) => tookMs)),
    blocks: coincidences.flatMap((each) =>
      (each.kind === 'fsync' || each.kind === 'stall') && each.sid === sid
        ? [{ kind: each.kind, ...clip(each, axis) }].filter(isSpan)
        : [],
    ),
    losses: coincidences.flatMap((each) =>
      each.kind === 'server-lost' && isHere(each)
        ? [{ standing: each.standing, ...clip({ ...each, toMs: each.toMs ?? axis.toMs }, axis) }].filter(
            isSpan,
          )
        : [],
    ),
    startsMs: coincidences.flatMap((each) =>
      each.kind === 'server-started' && isHere(each) && isOn(each.atMs, axis) ? [each.atMs] : [],
    ),
  };
}

function spansOf({ coincidences }: SessionPicture, kind: 'election' | 'own-stall', axis: Span): Span[] {
  return coincidences.flatMap((each) => (each.kind === kind ? [clip(each, axis)].filter(isSpan) : []));
}

function spanOf({ fromMs, endedMs }: PicturedConnection, endMs: number): Span {
  return { fromMs, toMs: Math.min(endMs, endedMs ?? endMs) };
}

function connectionEnd(last: PicturedConnection | undefined, endMs: number): number | null {
  const endedMs = last?.endedMs ?? null;
  return endedMs === null || endedMs >= endMs - TOGETHER_MS ? null : endedMs;
}

/** Each sign of life winds the timer up; whether the signs are all of them, only a builtin leader could tell. */
function timerOf(
  { heard, timeoutMs }: SessionPicture,
  { axis, endMs, lastHeard, byClient }: Pick<Autopsy, 'axis' | 'endMs' | 'lastHeard' | 'byClient'>,
): Autopsy['timer'] {
  if (timeoutMs === null || lastHeard === null) return [];
  const signs = [...heard.map(({ atMs }) => atMs), lastHeard.atMs]
    .filter((atMs) => isOn(atMs, axis) && atMs <= lastHeard.atMs)
    .sort((a, b) => a - b);
  const corners = signs.flatMap((atMs, index) => {
    const before = signs[index - 1];
    const wound = { atMs, leftMs: timeoutMs };
    if (before === undefined) return [wound];
    return [{ atMs, leftMs: Math.max(0, timeoutMs - (atMs - before)) }, wound];
  });
  const leftMs = Math.max(0, timeoutMs - (endMs - lastHeard.atMs));
  const emptyMs = lastHeard.atMs + timeoutMs;
  if (!byClient && emptyMs < endMs) corners.push({ atMs: emptyMs, leftMs: 0 });
  corners.push({ atMs: endMs, leftMs });
  return corners;
}

function isOn(atMs: number, { fromMs, toMs }: Span): boolean {
  return atMs >= fromMs && atMs <= toMs;
}

function clip({ fromMs, toMs }: Span, axis: Span): Span {
  return { fromMs: Math.max(fromMs, axis.fromMs), toMs: Math.min(toMs, axis.toMs) };
}

function isSpan({ fromMs, toMs }: Span): boolean {
  return toMs >= fromMs;
}

const STEPS_MS = [500, 1_000, 2_000, 5_000, 10_000, 15_000, 30_000, 60_000, 300_000];

/** Round times along an axis, about as many as fit. */
export function ticksOf({ fromMs, toMs }: Span, countMax: number): number[] {
  const stepMs = STEPS_MS.find((step) => (toMs - fromMs) / step <= countMax) ?? 900_000;
  const ticks: number[] = [];
  for (let atMs = Math.ceil(fromMs / stepMs) * stepMs; atMs <= toMs; atMs += stepMs) ticks.push(atMs);
  return ticks;
}
