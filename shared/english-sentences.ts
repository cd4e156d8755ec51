/** The sentences of findings in English: what the command `diagnose` prints, and the window in English shows. Pure. */
import type { Excess, Sentence, SentenceCatalogue, SentenceFormats, Standing } from './api/sentences.ts';
import { spell } from './api/sentences.ts';
import type { ElectionCause } from './api/causes.ts';
import type { VoteField } from './api/elections.ts';
import { formatZxid, zxidFromHex } from './zxid.ts';

/** For readers whose time zone is not known: UTC, and seconds with one decimal. */
const PLAIN: SentenceFormats = {
  // The shell's clock counts fractions; texts do not.
  time: (atMs) => new Date(Math.round(atMs)).toISOString(),
  duration: (ms) => (ms < 1000 ? `${Math.round(ms)} ms` : `${(ms / 1000).toFixed(1)} s`),
};

/** With times in UTC. */
export function inEnglish(sentence: Sentence): string {
  return spell(sentence, ENGLISH, PLAIN);
}

export const ENGLISH: SentenceCatalogue = {
  'source.client-port': () => 'client port',
  'source.events': ({ server }) => `events of ${named(server)}`,
  'source.word': ({ word, server }) => `${word} of ${named(server)}`,
  'source.admin': ({ server }) => `AdminServer of ${named(server)}`,
  'source.path': ({ path }) => path,
  'source.log-of': ({ server }) => `log of ${named(server)}`,
  'source.votes': () => 'votes',
  'source.zabra': () => 'Zabra',

  'session.closed': ({ session, address }) =>
    `Session ${session} was closed by its own client${at(address)}.`,
  'session.taken-over': ({ session, by, owner }) =>
    `Session ${session} was ended in its client's name: somebody at ${by} took it over while ${owner} still held it, and closed it.`,
  'session.ended-here': ({ session, server }) =>
    `Session ${session} was ended with Zabra: it took the session over at ${server} and closed it in its client's name.`,
  'session.closed-in-its-name': ({ session, owner }) =>
    `Session ${session} was ended in the name of its client at ${owner}: the closeSession came on another connection, which counted its requests anew.`,
  'session.closed-and-wanted': ({ session, owner }) =>
    `Session ${session} was ended in the name of its client at ${owner}: somebody tried to go on with it when it was closed or afterwards, which a client that closes its own session does not.`,
  'session.moved-too-late': ({ session, server, lateMs }, { duration }) =>
    `Session ${session} expired because its client came back too late: it tried ${some(server)} ${duration(lateMs)} after the session was over.`,
  'session.server-lost': ({ session, server, timeoutMs }, { duration }) =>
    `Session ${session} expired because ${named(server)}, which had its connection, was lost and its client did not come back ${timeoutMs === null ? 'in time' : `within the timeout of ${duration(timeoutMs)}`}.`,
  'session.client-gone': ({ session, address, timeoutMs }, formats) =>
    `Session ${session} expired because its client${at(address)} went away without closing it and did not come back${forTimeout(timeoutMs, formats)}.`,
  'session.client-silent': ({ session, address, timeoutMs, hasComeBack }, formats) =>
    `Session ${session} expired because nothing was heard of its client at ${address}${forTimeout(timeoutMs, formats)} although the connection stayed open: ${
      hasComeBack
        ? 'it came back later, so it was paused or cut off for a while'
        : 'it was paused or cut off, and a server cannot tell which'
    }.`,
  'session.unseen': ({ session }) =>
    `Session ${session} has ended, and where its connection was could not be seen.`,
  'fact.closed-by-client': ({ ephemerals }) => `closeSession with a client's xid${removed(ephemerals)}`,
  'fact.closed-by-servers': ({ ephemerals }) =>
    `closeSession by the servers themselves, as no client asked for it${removed(ephemerals)}`,
  'fact.timeout-passed': ({ timeoutMs, lastHeardMs }, { time, duration }) =>
    `for the leader, its timeout${timeoutMs === null ? '' : ` of ${duration(timeoutMs)}`} had passed${lastHeardMs === null ? '' : `; it was last heard of at ${time(lastHeardMs)}`}`,
  'fact.connected': ({ address, server, endedMs, reason }, { time }) =>
    `${address} was connected to ${named(server)}${endedMs === null ? '' : `, gone at ${time(endedMs)}`}${reason === null ? '' : ` (${reason})`}`,
  'fact.taken-over': ({ by, owner }) => `${by} took the session over from ${owner}`,
  'fact.ended-here': ({ server }) => `a person had this Zabra end the session, at ${server}`,
  'fact.counted-anew': ({ lastWrite, close }) =>
    `the client's own last write had number ${lastWrite}, the closeSession ${close}`,
  'fact.somebody-returned': ({ server }) =>
    `${some(server)} was asked to go on with a session that it does not have now (connection_revalidate_count); only this one ended about then`,
  'fact.session-refused': ({ server }) => `${some(server)} refused the session, which had ended`,
  'fact.connection-ended': ({ address }) => `the connection of ${address} ended without a closeSession`,
  'fact.connection-stayed': ({ address }) => `the connection of ${address} was there until the session ended`,
  'fact.came-back': () => 'the client came back after the end',
  'fact.hung-up': () => 'the client hung up',
  'hidden.connection': () =>
    'Where its connection was: no server told (4lw.commands.whitelist without cons, and no builtin server).',
  'fact.not-listed': ({ listedMs }, { time }) =>
    `the session is not listed any more; at ${time(listedMs)} it still was`,
  'hidden.who-closed': () =>
    'Who ended it, and which ephemerals went with it: a data folder (--data-dir) or the events of builtin servers (--admin) tell that.',
  'hidden.late-return': () =>
    'Whether its client came back after the end: the events of builtin servers (--admin) or the logs of servers (--log) tell that.',
  'hidden.last-heard': () => 'When its client was last heard of: only a builtin leader tells that.',

  'election.first-start': ({ winner }) =>
    `The servers were started and elected ${named(winner)} as their first leader.`,
  'election.former-unseen': ({ winner }) =>
    `${capital(named(winner))} was elected; there was no leader when Zabra began to watch, so what had become of the one before was not seen.`,
  'election.zxid-rollover': ({ leader, epoch }) =>
    `${capital(named(leader))} stepped down because epoch ${epoch} had no zxids left, and a new epoch had to begin.`,
  'election.leader-removed': ({ leader }) =>
    `${capital(named(leader))} was removed from the voters by a reconfiguration, so the others elected a leader of their own.`,
  'election.handed-over': ({ leader }) =>
    `A reconfiguration made ${named(leader)} hand over, and a new leader was elected.`,
  'election.leader-crashed': ({ leader, winner }) =>
    `The process of the leader, ${named(leader)}, ended without having been stopped in order, and ${leader === winner ? 'it was elected again when it was back' : `the others elected ${named(winner)}`}.`,
  'election.leader-gone': ({ leader, winner }) =>
    `The process of the leader, ${named(leader)}, was gone (crashed, killed or stopped), and ${leader === winner ? 'it was elected again when it was back' : `the others elected ${named(winner)}`}.`,
  'election.restarted-in-turn': ({ leader, winner }) =>
    `The leader, ${named(leader)}, was restarted as others had been shortly before, one server after the other, and ${leader === winner ? 'it was elected again when it was back' : `the others elected ${named(winner)}`}.`,
  'election.disk-failed': ({ leader, winner }) =>
    `The leader, ${named(leader)}, ended because its disk failed, and the others elected ${named(winner)}.`,
  'election.leader-stopped': ({ leader, winner }) =>
    `The leader, ${named(leader)}, was stopped in order, and ${leader === winner ? 'was elected again when it was back' : `the others elected ${named(winner)}`}.`,
  'election.quorum-lost': ({ leader, lost }) =>
    `The leader, ${named(leader)}, stepped down because ${all(lost)} ${lost.length === 1 ? 'was' : 'were'} gone and it had no quorum any more.`,
  'election.leader-paused': ({ leader, winner }) =>
    `The leader, ${named(leader)}, did not run for a while (paused, or without CPU), so the others gave it up and elected ${named(winner)}.`,
  'election.leader-partitioned': ({ leader, winner }) =>
    `The leader, ${named(leader)}, ran but was cut off from the other servers, which elected ${named(winner)}.`,
  'election.unknown': ({ leader, winner }) =>
    `${capital(named(winner))} took over from ${named(leader)}, which was there before and after; why could not be seen.`,
  'fact.process-started': ({ server }) => `the process of ${named(server)} started`,
  'fact.process-gone': ({ server }) => `${named(server)} refused connections: its process was gone`,
  'fact.process-restarted': ({ server }) => `the process of ${named(server)} was started anew`,
  'fact.zxids-used-up': () => 'the leader gave up since its zxids were used up',
  'fact.last-zxid': ({ epoch, zxid }) => `the last zxid seen of epoch ${epoch} was ${zxid}`,
  'fact.config-changed': () => 'the configuration of the ensemble changed',
  'fact.said': ({ server, reason }) => `${named(server)}: ${reason}`,
  'fact.looked': ({ server, reason }) => `${named(server)} looked for a leader: ${reason}`,
  'fact.stood': ({ server, standing }) => `${named(server)} ${STANDINGS[standing]}`,
  'fact.accepted-silently': ({ server, durationMs }, { duration }) =>
    durationMs === null
      ? `${named(server)} still accepted connections and answered nothing: its process did not run`
      : `${named(server)} accepted connections and answered nothing for ${duration(durationMs)}`,
  'fact.stalled': ({ server, durationMs }, { duration }) =>
    `the process of ${named(server)} had not run for ${duration(durationMs)}`,
  'fact.leaderless': ({ server, leader }) =>
    `${named(server)} answered and had no leader, while ${named(leader)} led the others`,
  'fact.still-led': ({ server, winner }) =>
    `${named(server)} still took itself for the leader when ${named(winner)} was elected`,
  'fact.leads': ({ server, epoch }) => `${named(server)} leads with epoch ${epoch}`,
  'fact.zabra-stalled': () => 'Zabra itself did not run for a while, and may have missed something',
  'hidden.how-it-ended': () =>
    'Whether its process crashed, was killed or was stopped in order: only the events of builtin servers (--admin) tell that.',
  'hidden.votes': () => 'The votes: only builtin servers tell them, and logs of Apache servers (--log).',

  'election.recorded': ({ cause, leader, winner, betterBy }) => {
    const began = STARTS[cause](leader === null ? 'a leader' : named(leader));
    if (winner === null) return `${began}; nobody leads yet.`;
    const inEpoch = winner.epoch === null ? '' : ` in epoch ${winner.epoch}`;
    const why = betterBy === null ? '' : `, because it had the ${BETTER_BY[betterBy]} of those who voted`;
    return `${began}; ${named(winner.server)} leads${inEpoch} after ${Math.round(winner.afterMs)} ms${why}.`;
  },
  'fact.process-began': ({ server }) => `${named(server)}: its process has just begun`,
  'fact.began-anew': ({ server }) =>
    `${named(server)}: its process began anew, and the one before had not said that it ends`,
  'fact.noticed-late': ({ server }) =>
    `${named(server)}: it noticed only after the others had elected another leader`,
  'fact.went-on-leading': ({ server }) =>
    `${named(server)}: it went on as a leader after the others had elected another`,
  'fact.last-told': ({ server }) => `${named(server)}: the last that its log tells`,
  'fact.candidate': ({ server, epoch, zxid, votes, outcome, betterBy }) => {
    const how =
      outcome === 'won'
        ? `won, with ${votes} vote${votes === 1 ? '' : 's'}`
        : outcome === 'lost' && betterBy !== null
          ? `lost: the winner has the ${BETTER_BY[betterBy]}`
          : 'undecided';
    return `${named(server)} with epoch ${epoch} and last transaction ${zxidText(zxid)}: ${how}`;
  },
  'fact.phases': ({ server, leader, electionMs, discoveryMs, synchronizationMs }) => {
    const phases = [
      ['election', electionMs] as const,
      ['discovery', discoveryMs] as const,
      ['synchronisation', synchronizationMs] as const,
    ].flatMap(([name, ms]) => (ms === null ? [] : [`${name} ${Math.round(ms)} ms`]));
    const role = leader === null ? 'leads' : `follows ${named(leader)}`;
    return `${named(server)} ${role}${phases.length === 0 ? '' : `: ${phases.join(', ')}`}`;
  },
  'fact.brought-level': ({ server, mode, fromZxid, toZxid }) =>
    `${named(server)} was brought level by ${mode}, from ${zxidText(fromZxid)} to ${zxidText(toZxid)}`,
  'hidden.votes-not-logged': () => 'the votes: no log tells them, which Apache does at INFO',
  'hidden.stopped-or-crashed': () =>
    'whether the leader was stopped or crashed: Apache logs nothing when it is asked to end',
  'hidden.server-tells-nothing': ({ server }) =>
    `what happened in ${named(server)}: it tells nothing of that time`,
  'hidden.log-unassigned': ({ file }) => `${file}: which server wrote it, which it does not say`,
  'hidden.log-without-times': ({ server }) => `the log of ${named(server)} has no times`,
  'hidden.clock-unsteady': ({ server }) =>
    `the clock of ${named(server)} was moved, or runs at another speed`,
  'hidden.clock-unbounded': ({ server }) =>
    `how far the clock of ${named(server)} is off: no messages tell it`,

  'server.lost': ({ server, isObserver, atMs, how, reason, backMs }, { time }) => {
    const when = atMs === null ? 'was not there when Zabra began to watch' : `was lost at ${time(atMs)}`;
    const back = backMs === null ? '' : `; it was back at ${time(backMs)}`;
    return `${isObserver ? 'Observer' : 'Follower'} ${server} ${when}: ${reason === null ? LOSSES[how] : `it ended: ${reason}`}${back}.`;
  },
  'server.cut-off': ({ server, isObserver, leader, backMs }, { time }) =>
    `${isObserver ? 'Observer' : 'Follower'} ${server} runs but was cut off from the leader, ${named(leader)}: it looked for a leader and found none${backMs === null ? '' : `, and was back at ${time(backMs)}`}.`,
  'server.paused': ({ server, durationMs }, { duration }) =>
    `The process of ${named(server)} ${durationMs === null ? 'does not run' : `did not run for ${duration(durationMs)}`}: a long garbage collection, a stopped process or a starved machine.`,
  'server.cannot-stay': ({ server, leader }) =>
    `${capital(named(server))} reaches the leader, ${named(leader)}, and cannot follow it: most likely its log cannot be written, since its disk is full or fails.`,
  'fact.reaches-leader': ({ server }) =>
    `the leader sends to ${named(server)}, which joins it again and again`,
  'hidden.why-it-cannot-stay': ({ server }) =>
    `What keeps it from following: the log of ${named(server)} (--log) tells that.`,
  'server.behind': ({ server, leader }) =>
    `${capital(named(server))} is behind the leader, ${named(leader)}, and does not catch up: what it answers is old.`,
  'server.disk-slow': ({ server }) =>
    `The disk of ${named(server)} is slow: it takes so long to make its log durable that every write waits for it.`,
  'server.disk-full': ({ server }) =>
    `The disk of ${named(server)} is full: it cannot write its log any more, and ends.`,
  'server.clock-jump': ({ server, byMs }, formats) =>
    `The wall clock of ${named(server)} jumped by ${signed(byMs, formats)}: its times before and after that, in its log and of its transactions, cannot be compared.`,
  'server.connection-limit': ({ server, limit }) =>
    `${capital(named(server))} turns connections away: one address has as many as maxClientCnxns${limit === null ? '' : `=${limit}`} allows.`,
  'server.buffer-limit': ({ server, bytes, limit }) =>
    `A message of ${bytes} bytes passed ${named(server)}, above the usual jute.maxbuffer of ${limit}: a client that keeps to that limit drops the connection, reconnects and asks again.`,
  'fact.served-nobody': ({ server, leader }) =>
    `${named(server)} answered, and served nobody, while ${named(leader)} led`,
  'fact.behind-by': ({ server, count }) => `${named(server)} was at least ${count} transactions behind`,
  'fact.bytes-free': ({ bytes }) => `${bytes} bytes are free`,
  'fact.no-space': () => 'No space left on device',
  'fact.fsyncs': ({ count, averageMs }, { duration }) =>
    count === 1
      ? `an fsync took ${duration(averageMs)}`
      : `${count} fsyncs took ${duration(averageMs)} each on average`,
  'fact.fsync': ({ durationMs }, { duration }) => `an fsync took ${duration(durationMs)}`,
  'fact.transactions-aged': ({ ageMs, possibleMs }, { duration }) =>
    `by its clock, a transaction came to it when it was ${duration(ageMs)} old (propagation_latency); none can have been older than ${duration(possibleMs)}`,
  'fact.clock-moved': ({ byMs }, formats) => `its clock moved by ${signed(byMs, formats)}`,
  'fact.log-moved': ({ byMs }, formats) =>
    `the times in its log went ${signed(byMs, formats)} against Zabra's clock`,
  'fact.date-moved': ({ byMs }, formats) => `its Date went ${signed(byMs, formats)} against Zabra's clock`,
  'fact.rejected': ({ count }) =>
    `${count} connection${count === 1 ? ' was' : 's were'} rejected (connection_rejected)`,
  'fact.too-many-connections': () => 'too many connections from one address',
  'fact.ends-connections': ({ server }) => `${named(server)} ends every connection from here at once`,
  'fact.largest-response': ({ bytes }) => `max_client_response_size rose to ${bytes}`,
  'fact.frame-refused': ({ bytes }) => `a frame of ${bytes} bytes was refused`,
  'hidden.pause-nature': () => 'Which of these it was: no server tells that of itself.',

  'cluster.service-lost': ({ server }) => `The only server, ${named(server)}, is gone: nobody serves.`,
  'cluster.quorum-lost': ({ gone, left, needed }) =>
    `The quorum is lost: ${all(gone)} ${gone.length === 1 ? 'is' : 'are'} gone, and ${left.length === 0 ? 'nobody is left' : `${all(left)} cannot decide anything`}: it takes ${needed} voters.`,
  'cluster.leaderless': () =>
    'The quorum is lost: all servers answer and none of them finds a leader, so they cannot reach each other.',
  'cluster.rolling-restart': ({ servers }) =>
    `All servers were restarted one after the other, in the order ${servers.join(', ')}.`,
  'cluster.config-differs': ({ name, values }) =>
    `The servers are configured differently: ${name} is ${values.map(({ server, value }) => `${value} on ${named(server)}`).join(', ')}.`,
  'cluster.acl-closed': ({ path }) =>
    `Nobody may change ${path} or its ACL any more: its last setACL left ADMIN to no one, so only a super user can help.`,
  'cluster.acl-lockout': ({ path, admins }) =>
    `Clients are locked out of ${path}: since its ACL was changed to admit ${admins.join(', ')} only, their requests are refused.`,
  'cluster.quota-used-up': ({ path, excess }) =>
    `The hard quota of ${path} is used up (${excessText(excess)}): further writes are refused.`,
  'cluster.quota-exceeded': ({ path, excess }) =>
    `${path} exceeds its quota (${excessText(excess)}): nothing is refused, servers only log it.`,
  'fact.setting': ({ name, value }) => `${name}=${value}`,
  'fact.acl-set': ({ path, admins }) =>
    `setACL of ${path}: ADMIN for ${admins.length === 0 ? 'nobody' : admins.join(', ')}`,
  'fact.no-auth': ({ sessions }) => `requests of ${sessions.join(', ')} were refused since: NOAUTH`,
  'fact.quota-use': ({ path, excess }) => `${path} has ${excessText(excess)}`,
  'fact.quota-refused': ({ session }) => `a write of session ${session} was refused: QUOTAEXCEEDED`,
  'hidden.credentials': ({ admins }) => `Whether somebody still has the credentials of ${admins.join(', ')}.`,
};

const STARTS: Readonly<Record<ElectionCause, (leader: string) => string>> = {
  'first-start': () => 'The servers had just started',
  'leader-stopped': (leader) => `${capital(leader)} was stopped`,
  'leader-crashed': (leader) => `The process of ${leader} was gone`,
  'leader-paused': (leader) => `${capital(leader)} did not run for a while`,
  'leader-partitioned': (leader) => `${capital(leader)} was cut off from those who followed it`,
  'quorum-lost': (leader) => `${capital(leader)} lost those who followed it`,
  'zxid-rollover': (leader) => `${capital(leader)} had used up the transaction ids of its epoch`,
  reconfig: () => 'A reconfiguration demanded another leader',
  unknown: (leader) => `Why ${leader} was lost is not to be seen`,
};

const BETTER_BY: Readonly<Record<VoteField, string>> = {
  peerEpoch: 'latest epoch',
  zxid: 'newest log',
  leader: 'highest server id among equal logs',
};

const LOSSES = {
  told: 'it ended',
  'not-in-order': 'its process ended without having been stopped in order',
  unseen: 'its process was gone',
} as const;

const STANDINGS: Readonly<Record<Standing, string>> = {
  serving: 'served',
  looking: 'answered and had no leader',
  silent: 'accepted connections and answered nothing',
  refused: 'refused connections: its process was gone',
  unroutable: 'could not be reached by Zabra',
  'hung-up': 'ended every connection at once',
};

const EPHEMERALS_SHOWN = 5;

function named(server: string): string {
  return /^\d+$/.test(server) ? `server ${server}` : server;
}

function some(server: string | null): string {
  return server === null ? 'a server' : named(server);
}

function all(servers: readonly string[]): string {
  return servers.map(named).join(' and ');
}

function at(address: string | null): string {
  return address === null ? '' : ` at ${address}`;
}

function forTimeout(timeoutMs: number | null, { duration }: SentenceFormats): string {
  return timeoutMs === null ? '' : ` for its timeout of ${duration(timeoutMs)}`;
}

function removed(ephemerals: readonly string[]): string {
  if (ephemerals.length === 0) return '';
  const shown = ephemerals.slice(0, EPHEMERALS_SHOWN).join(', ');
  return `; ephemerals removed: ${shown}${ephemerals.length > EPHEMERALS_SHOWN ? ', …' : ''}`;
}

function signed(ms: number, { duration }: SentenceFormats): string {
  return `${ms < 0 ? '-' : '+'}${duration(Math.abs(ms))}`;
}

function excessText(excess: Excess): string {
  return excess === null ? 'exceeded it' : `${excess.used} ${excess.unit} of ${excess.limit}`;
}

function zxidText(hex: string | null): string {
  return hex === null ? '?' : formatZxid(zxidFromHex(hex));
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
