/**
 * Watches the servers of every open connection, whether or not somebody looks: polls them (server-polls.ts), samples what they
 * said every two seconds, which costs them nothing more, records it, and judges their health.
 */
import type { ClusterSample, ServerDto } from '../../../shared/api/cluster.ts';
import {
  HISTORY_RANGES,
  type HistoryPoint,
  type HistoryRequest,
} from '../../../shared/api/cluster-history.ts';
import type { HealthAlert } from '../../../shared/api/health.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import type { Log } from '../../log.ts';
import type { ConnectionsService } from '../connections/connections-service.ts';
import { PacedStream } from '../paced-stream.ts';
import type { ClusterService } from './cluster-service.ts';
import type { EnsembleServers } from './ensemble-servers.ts';
import { ClusterCourse } from './cluster-course.ts';
import type { HistoryRecorder } from './history/history-recorder.ts';
import type { ServerPolls } from './server-polls.ts';

const SAMPLE_MS = HISTORY_RANGES['15m'].stepMs;
const ALERT_INTERVAL_MS = 500;
const ALERTS_MAX = 50;
const ALERT_BEAT_MS = 60_000;

interface Watched {
  readonly timer: NodeJS.Timeout;
  /** By address: how to leave its poll. */
  readonly polled: Map<string, () => void>;
  readonly course: ClusterCourse;
  latest: ClusterSample | undefined;
  isSampling: boolean;
}

export interface ClusterWatchOptions {
  readonly connections: ConnectionsService;
  readonly servers: EnsembleServers;
  readonly polls: ServerPolls;
  readonly cluster: ClusterService;
  readonly recorder: HistoryRecorder;
  readonly log: Log;
}

export class ClusterWatch {
  readonly #options: ClusterWatchOptions;
  readonly #watched = new Map<string, Watched>();
  readonly #alertListeners = new Set<(alerts: readonly HealthAlert[]) => void>();

  constructor(options: ClusterWatchOptions) {
    this.#options = options;
    options.connections.onPresence(({ connectionId, isOpen }) => {
      if (isOpen) this.#begin(connectionId);
      else this.#end(connectionId);
    });
  }

  /** The newest sample; of a connection that is not open, one that is taken now. Throws ShellError CONNECTION_UNKNOWN. */
  async sample(connectionId: string): Promise<ClusterSample> {
    const latest = this.#watched.get(connectionId)?.latest;
    if (latest !== undefined) return latest;
    const servers = await this.#options.cluster.ask(connectionId);
    return new ClusterCourse({ recent: [], hour: [] }).onAnswers(servers, Date.now()).sample;
  }

  history(request: HistoryRequest): HistoryPoint[] {
    return this.#options.recorder.read(request, Date.now());
  }

  alerts(): PacedStream<HealthAlert[]> {
    let waiting: HealthAlert[] = [];
    let isBeat = false;
    // A stream hears only with its next value that nobody reads it any more.
    const beat = setInterval(() => {
      isBeat = true;
      stream.wake();
    }, ALERT_BEAT_MS).unref();
    const listener = (alerts: readonly HealthAlert[]): void => {
      waiting = [...waiting, ...alerts].slice(-ALERTS_MAX);
      stream.wake();
    };
    const stream = new PacedStream<HealthAlert[]>({
      intervalMs: ALERT_INTERVAL_MS,
      take: () => {
        if (waiting.length === 0 && !isBeat) return undefined;
        isBeat = false;
        const batch = waiting;
        waiting = [];
        return batch;
      },
      onEnd: () => {
        clearInterval(beat);
        this.#alertListeners.delete(listener);
      },
    });
    this.#alertListeners.add(listener);
    return stream;
  }

  /** The text of /zookeeper/config. Throws ShellError CONNECTION_UNKNOWN. */
  async quorumConfig(connectionId: string): Promise<{ text: string | null }> {
    this.#options.connections.profile(connectionId);
    return { text: await this.#options.servers.configText(connectionId) };
  }

  #begin(connectionId: string): void {
    const { recorder } = this.#options;
    const nowMs = Date.now();
    const watched: Watched = {
      timer: setInterval(() => void this.#sample(connectionId, watched), SAMPLE_MS).unref(),
      polled: new Map(),
      course: new ClusterCourse({
        recent: recorder.read({ connectionId, range: '15m' }, nowMs),
        hour: recorder.read({ connectionId, range: '1h' }, nowMs),
      }),
      latest: undefined,
      isSampling: false,
    };
    this.#watched.set(connectionId, watched);
    void this.#sample(connectionId, watched);
  }

  #end(connectionId: string): void {
    const watched = this.#watched.get(connectionId);
    if (watched === undefined) return;
    this.#watched.delete(connectionId);
    clearInterval(watched.timer);
    for (const leave of watched.polled.values()) leave();
    watched.polled.clear();
  }

  async #sample(connectionId: string, watched: Watched): Promise<void> {
    if (watched.isSampling) return;
    watched.isSampling = true;
    const { servers, cluster, log } = this.#options;
    try {
      const known = await servers.of(connectionId);
      if (this.#isOver(connectionId, watched)) return;
      this.#follow(known.servers, watched);
      const answers = await cluster.ask(connectionId);
      if (!this.#isOver(connectionId, watched)) this.#onAnswers(connectionId, watched, answers);
    } catch (error) {
      log.error({ err: error, connectionId }, 'sampling the servers failed');
    } finally {
      watched.isSampling = false;
    }
  }

  #onAnswers(connectionId: string, watched: Watched, answers: readonly ServerDto[]): void {
    const { recorder, connections } = this.#options;
    const { sample, point, alerts } = watched.course.onAnswers(answers, Date.now());
    watched.latest = sample;
    recorder.record(connectionId, point);
    if (alerts.length === 0) return;
    const { name } = connections.profile(connectionId).draft;
    const told = alerts.map((finding) => ({ connectionId, connectionName: name, finding }));
    for (const tell of this.#alertListeners) tell(told);
  }

  #isOver(connectionId: string, watched: Watched): boolean {
    return this.#watched.get(connectionId) !== watched;
  }

  /** A reconfiguration brings servers and takes others away. */
  #follow(servers: readonly HostPort[], { polled }: Watched): void {
    const addresses = new Set(servers.map(formatHostPort));
    for (const [address, leave] of polled) {
      if (addresses.has(address)) continue;
      polled.delete(address);
      leave();
    }
    for (const server of servers) {
      const address = formatHostPort(server);
      if (!polled.has(address))
        polled.set(
          address,
          this.#options.polls.follow(server, () => undefined),
        );
    }
  }
}
