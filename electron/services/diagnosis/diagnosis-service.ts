/**
 * The diagnosis in the shell: one for each open connection, from its opening to its closing, and what they found since Zabra
 * keeps it.
 */
import type { FindingBatch, SessionPicture } from '../../../shared/api/diagnosis.ts';
import type { ElectionRecord } from '../../../shared/api/elections.ts';
import type { Log } from '../../log.ts';
import type { DiagnosisStore } from '../../stores/diagnosis-store.ts';
import type { EnsembleServers } from '../cluster/ensemble-servers.ts';
import type { ServerPolls } from '../cluster/server-polls.ts';
import type { ConnectionsService } from '../connections/connections-service.ts';
import type { EnsemblesService } from '../ensembles/ensembles-service.ts';
import type { PacedStream } from '../paced-stream.ts';
import { ConnectionDiagnosis } from './connection-diagnosis.ts';
import { EnsembleWatch, type LocalSources } from './ensemble-watch.ts';

const NOTHING: LocalSources = { adminUrls: [], dataFolders: [] };

export interface DiagnosisServiceOptions {
  readonly connections: ConnectionsService;
  readonly ensembles: EnsemblesService;
  readonly servers: EnsembleServers;
  readonly polls: ServerPolls;
  readonly store: DiagnosisStore;
  readonly log: Log;
}

export class DiagnosisService {
  readonly #options: DiagnosisServiceOptions;
  readonly #diagnoses = new Map<string, ConnectionDiagnosis>();

  constructor(options: DiagnosisServiceOptions) {
    this.#options = options;
    const { connections, ensembles } = options;
    connections.onPresence(({ connectionId, isOpen }) => {
      if (isOpen) this.#begin(connectionId);
      else this.#diagnoses.get(connectionId)?.end();
    });
    connections.onSession(({ connection, transition }) => {
      if (transition === 'connected') this.#diagnoses.get(connection.connectionId)?.watch?.onConnected();
    });
    connections.onRemoved((connectionId) => {
      this.#diagnoses.get(connectionId)?.close();
      this.#diagnoses.delete(connectionId);
    });
    ensembles.onChange(() => {
      for (const { watch } of this.#diagnoses.values()) watch?.onLocalChange();
    });
  }

  /** Throws ShellError CONNECTION_UNKNOWN, as all of these do. */
  findings(connectionId: string): PacedStream<FindingBatch> {
    return this.#of(connectionId).findings();
  }

  elections(connectionId: string): PacedStream<ElectionRecord> {
    return this.#of(connectionId).elections();
  }

  session(connectionId: string, sessionId: string): SessionPicture | null {
    return this.#of(connectionId).picture(sessionId) ?? null;
  }

  /** A person had Zabra end this session: no server tells why. */
  onEndedHere(connectionId: string, ended: { readonly sessionId: string; readonly server: string }): void {
    this.#diagnoses.get(connectionId)?.watch?.onEndedHere(ended);
  }

  #of(connectionId: string): ConnectionDiagnosis {
    const known = this.#diagnoses.get(connectionId);
    if (known !== undefined) return known;
    // Throws for one that does not exist.
    this.#options.connections.profile(connectionId);
    const made = new ConnectionDiagnosis(connectionId, this.#options);
    this.#diagnoses.set(connectionId, made);
    return made;
  }

  #begin(connectionId: string): void {
    const { connections, ensembles, servers, polls, log } = this.#options;
    const diagnosis = this.#of(connectionId);
    const isLocal = connections.profile(connectionId).ensembleId !== undefined;
    diagnosis.begin(
      new EnsembleWatch({
        connectionId,
        polls,
        servers: async () => (await servers.of(connectionId)).servers,
        local: () => (isLocal ? (ensembles.sourcesOf(connectionId) ?? NOTHING) : undefined),
        connection: () => connections.find(connectionId),
        onFinding: (finding) => diagnosis.onFinding(finding),
        onSession: (sessionId) => diagnosis.onSession(sessionId),
        log,
      }),
    );
  }
}
