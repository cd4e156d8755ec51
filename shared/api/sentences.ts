/**
 * Every sentence that a finding is made of, by key, with what it speaks of. Findings carry sentences so; a catalogue of a
 * language has the words (shared/english-sentences.ts, renderer/i18n/locales/zh-CN/sentences.ts) and does not compile while one
 * is missing. Params are facts, not text: times and durations in milliseconds, servers by number or address, ids as they are.
 */
import { z } from 'zod';
import { ElectionCause } from './causes.ts';
import { VoteField } from './elections.ts';

/** How a server's client port took a question. */
export const Standing = z.enum([
  'serving',
  /** It answers, and has no leader. */
  'looking',
  /** The connection was made, and no answer came: the process is paused or stuck. */
  'silent',
  /** Nobody listens: the process is gone. */
  'refused',
  /** Not even a connection was made: the machine is gone, or the network to it. */
  'unroutable',
  /** The connection was ended at once, without an answer. */
  'hung-up',
]);
export type Standing = z.infer<typeof Standing>;

/** A server's number; its `host:port` where that is not known. */
const Server = z.string();
const Session = z.string();
/** `host:port` of a client. */
const Address = z.string();
/** In the words of the server itself: not translated. */
const Reason = z.string();
const Ms = z.number();
const Hex = z.string();
const Count = z.number();
/** Of a quota; null where only a log line tells of it. */
export const Excess = z.object({ unit: z.enum(['nodes', 'bytes']), used: Count, limit: Count }).nullable();
export type Excess = z.infer<typeof Excess>;

export const SENTENCES = {
  // Where a fact comes from.
  'source.client-port': z.object({}),
  'source.events': z.object({ server: Server }),
  'source.word': z.object({ word: z.string(), server: Server }),
  'source.admin': z.object({ server: Server }),
  'source.path': z.object({ path: z.string() }),
  'source.log-of': z.object({ server: Server }),
  'source.votes': z.object({}),
  'source.zabra': z.object({}),

  // Why a session ended.
  'session.closed': z.object({ session: Session, address: Address.nullable() }),
  'session.taken-over': z.object({ session: Session, by: Address, owner: Address }),
  'session.ended-here': z.object({ session: Session, server: Address }),
  'session.closed-in-its-name': z.object({ session: Session, owner: Address }),
  'session.closed-and-wanted': z.object({ session: Session, owner: Address }),
  'session.moved-too-late': z.object({ session: Session, server: Server.nullable(), lateMs: Ms }),
  'session.server-lost': z.object({ session: Session, server: Server, timeoutMs: Ms.nullable() }),
  'session.client-gone': z.object({
    session: Session,
    address: Address.nullable(),
    timeoutMs: Ms.nullable(),
  }),
  'session.client-silent': z.object({
    session: Session,
    address: Address,
    timeoutMs: Ms.nullable(),
    hasComeBack: z.boolean(),
  }),
  'session.unseen': z.object({ session: Session }),
  'fact.closed-by-client': z.object({ ephemerals: z.array(z.string()) }),
  'fact.closed-by-servers': z.object({ ephemerals: z.array(z.string()) }),
  'fact.timeout-passed': z.object({ timeoutMs: Ms.nullable(), lastHeardMs: Ms.nullable() }),
  'fact.connected': z.object({
    address: Address,
    server: Server,
    endedMs: Ms.nullable(),
    reason: Reason.nullable(),
  }),
  'fact.taken-over': z.object({ by: Address, owner: Address }),
  'fact.ended-here': z.object({ server: Address }),
  'fact.counted-anew': z.object({ lastWrite: Count, close: Count }),
  /** Counted, not named. */
  'fact.somebody-returned': z.object({ server: Server.nullable() }),
  'fact.session-refused': z.object({ server: Server.nullable() }),
  'fact.connection-ended': z.object({ address: Address }),
  'fact.connection-stayed': z.object({ address: Address }),
  'fact.came-back': z.object({}),
  'fact.hung-up': z.object({}),
  'hidden.connection': z.object({}),
  'fact.not-listed': z.object({ listedMs: Ms }),
  'hidden.last-heard': z.object({}),
  'hidden.who-closed': z.object({}),
  'hidden.late-return': z.object({}),

  // What started an election.
  'election.first-start': z.object({ winner: Server }),
  'election.former-unseen': z.object({ winner: Server }),
  'election.zxid-rollover': z.object({ leader: Server, epoch: Count }),
  'election.leader-removed': z.object({ leader: Server }),
  'election.handed-over': z.object({ leader: Server }),
  'election.leader-crashed': z.object({ leader: Server, winner: Server }),
  'election.leader-gone': z.object({ leader: Server, winner: Server }),
  'election.restarted-in-turn': z.object({ leader: Server, winner: Server }),
  'election.disk-failed': z.object({ leader: Server, winner: Server }),
  'election.leader-stopped': z.object({ leader: Server, winner: Server }),
  'election.quorum-lost': z.object({ leader: Server, lost: z.array(Server).min(1) }),
  'election.leader-paused': z.object({ leader: Server, winner: Server }),
  'election.leader-partitioned': z.object({ leader: Server, winner: Server }),
  'election.unknown': z.object({ leader: Server, winner: Server }),
  'fact.process-started': z.object({ server: Server }),
  'fact.process-gone': z.object({ server: Server }),
  'fact.process-restarted': z.object({ server: Server }),
  'fact.zxids-used-up': z.object({}),
  'fact.last-zxid': z.object({ epoch: Count, zxid: Hex }),
  'fact.config-changed': z.object({}),
  'fact.said': z.object({ server: Server, reason: Reason }),
  'fact.looked': z.object({ server: Server, reason: Reason }),
  'fact.stood': z.object({ server: Server, standing: Standing }),
  'fact.accepted-silently': z.object({ server: Server, durationMs: Ms.nullable() }),
  'fact.stalled': z.object({ server: Server, durationMs: Ms }),
  'fact.leaderless': z.object({ server: Server, leader: Server }),
  'fact.still-led': z.object({ server: Server, winner: Server }),
  'fact.leads': z.object({ server: Server, epoch: Count }),
  'fact.zabra-stalled': z.object({}),
  'hidden.how-it-ended': z.object({}),
  'hidden.votes': z.object({}),

  // Elections in logs.
  'election.recorded': z.object({
    cause: ElectionCause,
    leader: Server.nullable(),
    /** Null while nobody leads. */
    winner: z.object({ server: Server, epoch: Count.nullable(), afterMs: Ms }).nullable(),
    /** What the winner was better by than the best of the others. */
    betterBy: VoteField.nullable(),
  }),
  'fact.process-began': z.object({ server: Server }),
  'fact.began-anew': z.object({ server: Server }),
  'fact.noticed-late': z.object({ server: Server }),
  'fact.went-on-leading': z.object({ server: Server }),
  'fact.last-told': z.object({ server: Server }),
  'fact.candidate': z.object({
    server: Server,
    epoch: Count,
    zxid: Hex,
    votes: Count,
    outcome: z.enum(['won', 'lost', 'undecided']),
    betterBy: VoteField.nullable(),
  }),
  'fact.phases': z.object({
    server: Server,
    /** Null: it leads itself. */
    leader: Server.nullable(),
    electionMs: Ms.nullable(),
    discoveryMs: Ms.nullable(),
    synchronizationMs: Ms.nullable(),
  }),
  'fact.brought-level': z.object({
    server: Server,
    mode: z.string(),
    fromZxid: Hex.nullable(),
    toZxid: Hex.nullable(),
  }),
  'hidden.votes-not-logged': z.object({}),
  'hidden.stopped-or-crashed': z.object({}),
  'hidden.server-tells-nothing': z.object({ server: Server }),
  'hidden.log-unassigned': z.object({ file: z.string() }),
  'hidden.log-without-times': z.object({ server: Server }),
  'hidden.clock-unsteady': z.object({ server: Server }),
  'hidden.clock-unbounded': z.object({ server: Server }),

  // What a server suffers from.
  'server.lost': z.object({
    server: Server,
    isObserver: z.boolean(),
    /** Null where it was before Zabra began to watch. */
    atMs: Ms.nullable(),
    /** Whether it said so when it ended, would have, or never says so. */
    how: z.enum(['told', 'not-in-order', 'unseen']),
    reason: Reason.nullable(),
    backMs: Ms.nullable(),
  }),
  'server.cut-off': z.object({
    server: Server,
    isObserver: z.boolean(),
    leader: Server,
    backMs: Ms.nullable(),
  }),
  /** Null while it lasts. */
  'server.paused': z.object({ server: Server, durationMs: Ms.nullable() }),
  'server.cannot-stay': z.object({ server: Server, leader: Server }),
  'fact.reaches-leader': z.object({ server: Server }),
  'hidden.why-it-cannot-stay': z.object({ server: Server }),
  'server.behind': z.object({ server: Server, leader: Server }),
  'server.disk-slow': z.object({ server: Server }),
  'server.disk-full': z.object({ server: Server }),
  'server.clock-jump': z.object({ server: Server, byMs: Ms }),
  'server.connection-limit': z.object({ server: Server, limit: z.string().nullable() }),
  'server.buffer-limit': z.object({ server: Server, bytes: Count, limit: Count }),
  'fact.served-nobody': z.object({ server: Server, leader: Server }),
  'fact.behind-by': z.object({ server: Server, count: Count }),
  'fact.bytes-free': z.object({ bytes: Count }),
  'fact.no-space': z.object({}),
  'fact.fsyncs': z.object({ count: Count, averageMs: Ms }),
  'fact.fsync': z.object({ durationMs: Ms }),
  'fact.transactions-aged': z.object({ ageMs: Ms, possibleMs: Ms }),
  'fact.clock-moved': z.object({ byMs: Ms }),
  'fact.log-moved': z.object({ byMs: Ms }),
  'fact.date-moved': z.object({ byMs: Ms }),
  'fact.rejected': z.object({ count: Count }),
  'fact.too-many-connections': z.object({}),
  'fact.ends-connections': z.object({ server: Server }),
  'fact.largest-response': z.object({ bytes: Count }),
  'fact.frame-refused': z.object({ bytes: Count }),
  'hidden.pause-nature': z.object({}),

  // What the ensemble and its data suffer from.
  'cluster.quorum-lost': z.object({ gone: z.array(Server).min(1), left: z.array(Server), needed: Count }),
  'cluster.service-lost': z.object({ server: Server }),
  'cluster.leaderless': z.object({}),
  'cluster.rolling-restart': z.object({ servers: z.array(Server).min(1) }),
  'cluster.config-differs': z.object({
    name: z.string(),
    values: z.array(z.object({ server: Server, value: z.string() })).min(1),
  }),
  'cluster.acl-closed': z.object({ path: z.string() }),
  'cluster.acl-lockout': z.object({ path: z.string(), admins: z.array(z.string()).min(1) }),
  'cluster.quota-used-up': z.object({ path: z.string(), excess: Excess }),
  'cluster.quota-exceeded': z.object({ path: z.string(), excess: Excess }),
  'fact.setting': z.object({ name: z.string(), value: z.string() }),
  'fact.acl-set': z.object({ path: z.string(), admins: z.array(z.string()) }),
  'fact.no-auth': z.object({ sessions: z.array(Session).min(1) }),
  'fact.quota-use': z.object({ path: z.string(), excess: Excess }),
  'fact.quota-refused': z.object({ session: Session }),
  'hidden.credentials': z.object({ admins: z.array(z.string()).min(1) }),
} as const;

export type SentenceKey = keyof typeof SENTENCES;
type SentenceParams = { readonly [Key in SentenceKey]: z.infer<(typeof SENTENCES)[Key]> };
type SentenceOf<Key extends SentenceKey> = {
  [Each in Key]: { readonly key: Each; readonly params: SentenceParams[Each] };
}[Key];
export type Sentence = SentenceOf<SentenceKey>;
export const Sentence = z.custom<Sentence>(isSentence);

function isSentence(value: unknown): boolean {
  const { success, data } = z.object({ key: z.string(), params: z.unknown() }).safeParse(value);
  if (!success || !Object.hasOwn(SENTENCES, data.key)) return false;
  return SENTENCES[data.key as SentenceKey].safeParse(data.params).success;
}

/** How a reader has numbers: the command prints UTC, the window local time in the person's language. */
export interface SentenceFormats {
  readonly time: (atMs: number) => string;
  readonly duration: (durationMs: number) => string;
}

/** The words of one language. */
export type SentenceCatalogue = {
  readonly [Key in SentenceKey]: (params: SentenceParams[Key], formats: SentenceFormats) => string;
};

export function say<Key extends SentenceKey>(key: Key, params: SentenceParams[Key]): SentenceOf<Key> {
  return { key, params };
}

export function spell<Key extends SentenceKey>(
  { key, params }: SentenceOf<Key>,
  catalogue: SentenceCatalogue,
  formats: SentenceFormats,
): string {
  return catalogue[key](params, formats);
}
