/** Troubles of the ensemble as a whole: no quorum, servers restarted one after the other, configurations that differ. Pure. */
import type { Standing } from '../../shared/api/sentences.ts';
import { type Sentence, say } from '../../shared/api/sentences.ts';
import type { ClusterPicture } from './cluster-picture.ts';
import { CLIENT_PORT, type DraftOf, type Fact, fact, iso } from './draft.ts';
import type { ServerPicture } from './server-picture.ts';

/** What a cluster's finding is about when it is about all of it. */
export const ENSEMBLE = 'ensemble';

type ClusterDraft = DraftOf<'server' | 'cluster'>;

/** A question that got no answer for so long says more than one lost packet. */
const DOWN_MS = 1200;
/** All answer and none serves: an election takes less. */
const LEADERLESS_MS = 9000;
/** All servers were started anew within this. */
const ROLLING_MS = 600_000;
const KEPT_MS = 60_000;

const DOWN: ReadonlySet<Standing> = new Set<Standing>(['refused', 'unroutable', 'silent']);
/** A process that does not run may go on before anybody else has given it up. */
const SILENT_DOWN_MS = 6000;

/** What all servers of an ensemble should have alike. */
const SHARED_KEYS = [
  'tickTime',
  'initLimit',
  'syncLimit',
  'minSessionTimeout',
  'maxSessionTimeout',
  'maxClientCnxns',
  'electionAlg',
] as const;

export class ClusterTroubles {
  readonly #cluster: ClusterPicture;
  /** While it lasts, and until it is not news any more. */
  #lost: { readonly fromMs: number; finding: ClusterDraft; endedMs: number | undefined } | undefined;

  constructor(cluster: ClusterPicture) {
    this.#cluster = cluster;
  }

  findings(nowMs: number): ClusterDraft[] {
    return [
      ...this.#quorumLost(nowMs),
      ...rollingRestart(this.#cluster, nowMs),
      ...configDiffers(this.#cluster),
    ];
  }

  #quorumLost(nowMs: number): ClusterDraft[] {
    const known = this.#lost;
    const outage = outageOf(this.#cluster, nowMs);
    if (outage !== undefined) {
      if (known === undefined || known.endedMs !== undefined) {
        this.#lost = { fromMs: outage.fromMs, finding: toFinding(outage, this.#cluster), endedMs: undefined };
      }
    } else if (known !== undefined) {
      known.endedMs ??= nowMs;
      if (nowMs - known.endedMs > KEPT_MS) this.#lost = undefined;
    }
    return this.#lost === undefined ? [] : [this.#lost.finding];
  }
}

interface Outage {
  readonly fromMs: number;
  readonly down: readonly ServerPicture[];
  readonly up: readonly ServerPicture[];
}

function outageOf(cluster: ClusterPicture, nowMs: number): Outage | undefined {
  const voters = cluster.participants.filter(({ spans }) => spans.length > 0);
  if (voters.length < cluster.quorumSize) return undefined;
  if (voters.some(({ standing }) => standing === 'serving')) {
    // One that is cut off says for a while that it serves; so does one that was asked before.
    if (!isSurelyDown(voters, cluster, nowMs)) return undefined;
  }
  const down = voters.filter((server) => isDown(server, nowMs));
  const up = voters.filter((server) => !down.includes(server));
  if (up.length < cluster.quorumSize) return { fromMs: nowMs, down, up };
  const isLeaderless = voters.every((server) => {
    const span = server.spans.last;
    return span !== undefined && span.standing !== 'serving' && nowMs - span.fromMs > LEADERLESS_MS;
  });
  return isLeaderless && cluster.reign !== undefined ? { fromMs: nowMs, down, up } : undefined;
}

/** So many are gone that those that are left cannot have a quorum, whatever they say. */
function isSurelyDown(voters: readonly ServerPicture[], cluster: ClusterPicture, nowMs: number): boolean {
  return voters.filter((server) => !isDown(server, nowMs)).length < cluster.quorumSize;
}

function isDown({ spans }: ServerPicture, nowMs: number): boolean {
  const span = spans.last;
  if (span === undefined || !DOWN.has(span.standing)) return false;
  return nowMs - span.fromMs > (span.standing === 'silent' ? SILENT_DOWN_MS : DOWN_MS);
}

function toFinding({ fromMs, down, up }: Outage, cluster: ClusterPicture): ClusterDraft {
  const subjects = (servers: readonly ServerPicture[]): string[] => servers.map(({ subject }) => subject);
  return {
    id: `cluster/quorum-lost/${iso(fromMs)}`,
    atMs: fromMs,
    kind: 'cluster',
    subject: ENSEMBLE,
    cause: 'quorum-lost',
    confidence: down.length === 0 ? 0.7 : 0.95,
    answer: answerTo(subjects(down), { left: subjects(up), needed: cluster.quorumSize }),
    evidence: standingFacts([...down, ...up]),
    hidden: [],
  };
}

function answerTo(gone: string[], { left, needed }: { left: string[]; needed: number }): Sentence {
  const [only] = gone;
  if (only === undefined) return say('cluster.leaderless', {});
  if (needed === 1) return say('cluster.service-lost', { server: only });
  return say('cluster.quorum-lost', { gone, left, needed });
}

function standingFacts(servers: readonly ServerPicture[]): Fact[] {
  return servers.flatMap(({ subject: server, spans: { last } }) =>
    last === undefined
      ? []
      : [fact(last.fromMs, CLIENT_PORT, say('fact.stood', { server, standing: last.standing }))],
  );
}

/** Every voter was started anew, one after the other. */
function rollingRestart(cluster: ClusterPicture, nowMs: number): ClusterDraft[] {
  const voters = cluster.participants;
  if (voters.length < 2) return [];
  const starts = voters.map((server) => ({
    server,
    // Not the start that was there when Zabra began to watch.
    startMs: server.startsMs.length > 1 ? server.startedMs : undefined,
  }));
  const known = starts.flatMap(({ server, startMs }) => (startMs === undefined ? [] : [{ server, startMs }]));
  if (known.length < voters.length) return [];
  known.sort((a, b) => a.startMs - b.startMs);
  const [first] = known;
  const last = known.at(-1);
  if (first === undefined || last === undefined || last.startMs - first.startMs > ROLLING_MS) return [];
  if (nowMs - last.startMs > KEPT_MS || !wereApart(known.map(({ startMs }) => startMs))) return [];
  if (voters.some(({ standing }) => standing !== 'serving')) return [];
  return [
    {
      id: `cluster/rolling-restart/${iso(first.startMs)}`,
      atMs: first.startMs,
      kind: 'cluster',
      subject: ENSEMBLE,
      cause: 'rolling-restart',
      confidence: 0.92,
      answer: say('cluster.rolling-restart', { servers: known.map(({ server }) => server.subject) }),
      evidence: known.map(({ server, startMs }) =>
        fact(startMs, CLIENT_PORT, say('fact.process-started', { server: server.subject })),
      ),
      hidden: [],
    },
  ];
}

/** A whole ensemble that is switched on starts within a moment. */
function wereApart(startsMs: readonly number[]): boolean {
  return startsMs.every((startMs, at) => at === 0 || startMs - (startsMs[at - 1] ?? 0) > DOWN_MS / 2);
}

function configDiffers(cluster: ClusterPicture): ClusterDraft[] {
  const findings: ClusterDraft[] = [];
  for (const key of SHARED_KEYS) {
    const values = cluster.participants.flatMap((server) => {
      const value = server.conf?.get(key);
      return value === undefined ? [] : [{ server: server.subject, value }];
    });
    if (new Set(values.map(({ value }) => value)).size < 2) continue;
    findings.push({
      id: `cluster/config-differs/${key}`,
      atMs: cluster.startedMs,
      kind: 'cluster',
      subject: ENSEMBLE,
      cause: 'config-differs',
      confidence: 0.95,
      answer: say('cluster.config-differs', { name: key, values }),
      evidence: values.map(({ server, value }) =>
        fact(null, say('source.word', { word: 'conf', server }), say('fact.setting', { name: key, value })),
      ),
      hidden: [],
    });
  }
  return findings;
}
