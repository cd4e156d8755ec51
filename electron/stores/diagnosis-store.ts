/**
 * What the diagnosis found: findings, pictures of ended sessions and who led when, by connection. Bounded by age and number;
 * sessions that their clients closed have a bound of their own. What another version wrote and this one does not understand
 * counts as not kept.
 */
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { SessionPicture } from '../../shared/api/diagnosis.ts';
import { ElectionRecord } from '../../shared/api/elections.ts';
import { Finding } from '../../shared/api/findings.ts';

export interface DiagnosisRetention {
  readonly ageMsMax: number;
  readonly findingsMax: number;
  readonly closedByClientMax: number;
}

export interface KeptElections {
  readonly record: ElectionRecord;
  /** Until when somebody watched. */
  readonly seenMs: number;
}

export class DiagnosisStore {
  readonly #database: DatabaseSync;
  readonly #findings: StatementSync;
  readonly #putFinding: StatementSync;
  readonly #picture: StatementSync;
  readonly #putPicture: StatementSync;
  readonly #elections: StatementSync;
  readonly #putElections: StatementSync;
  readonly #seeElections: StatementSync;
  readonly #dropOld: StatementSync;
  readonly #dropMany: StatementSync;
  readonly #dropPictures: StatementSync;

  constructor(database: DatabaseSync) {
    this.#database = database;
    this.#findings = database.prepare(
      'SELECT finding FROM findings WHERE connection_id = ? ORDER BY at_ms, finding_id',
    );
    this.#putFinding = database.prepare(`
      INSERT OR REPLACE INTO findings (connection_id, finding_id, at_ms, is_closed_by_client, finding)
      VALUES (?, ?, ?, ?, ?)`);
    this.#picture = database.prepare(
      'SELECT picture FROM session_pictures WHERE connection_id = ? AND session_id = ?',
    );
    this.#putPicture = database.prepare(
      'INSERT OR REPLACE INTO session_pictures (connection_id, session_id, picture) VALUES (?, ?, ?)',
    );
    this.#elections = database.prepare('SELECT record, seen_at_ms FROM elections WHERE connection_id = ?');
    this.#putElections = database.prepare(
      'INSERT OR REPLACE INTO elections (connection_id, record, seen_at_ms) VALUES (?, ?, ?)',
    );
    this.#seeElections = database.prepare('UPDATE elections SET seen_at_ms = ? WHERE connection_id = ?');
    this.#dropOld = database.prepare('DELETE FROM findings WHERE connection_id = ? AND at_ms < ?');
    this.#dropMany = database.prepare(`
      DELETE FROM findings WHERE connection_id = ?1 AND is_closed_by_client = ?2 AND finding_id NOT IN (
        SELECT finding_id FROM findings WHERE connection_id = ?1 AND is_closed_by_client = ?2
        ORDER BY at_ms DESC LIMIT ?3)`);
    this.#dropPictures = database.prepare(`
      DELETE FROM session_pictures WHERE connection_id = ?1 AND 'session-ended/' || session_id NOT IN (
        SELECT finding_id FROM findings WHERE connection_id = ?1)`);
  }

  /** From the oldest to the newest. */
  findings(connectionId: string): Finding[] {
    return this.#findings
      .all(connectionId)
      .map(({ finding }) => Finding.safeParse(JSON.parse(String(finding))).data)
      .filter((finding) => finding !== undefined);
  }

  /** Demands a stored profile. */
  save(
    connectionId: string,
    { findings, pictures }: { findings: readonly Finding[]; pictures: readonly SessionPicture[] },
  ): void {
    this.#inTransaction(() => {
      for (const finding of findings) {
        this.#putFinding.run(
          connectionId,
          finding.id,
          Date.parse(finding.at),
          finding.cause === 'client-closed' ? 1 : 0,
          JSON.stringify(finding),
        );
      }
      for (const picture of pictures) {
        this.#putPicture.run(connectionId, picture.sessionId, JSON.stringify(picture));
      }
    });
  }

  picture(connectionId: string, sessionId: string): SessionPicture | undefined {
    const row = this.#picture.get(connectionId, sessionId);
    return row === undefined ? undefined : SessionPicture.safeParse(JSON.parse(String(row.picture))).data;
  }

  elections(connectionId: string): KeptElections | undefined {
    const row = this.#elections.get(connectionId);
    if (row === undefined) return undefined;
    const record = ElectionRecord.safeParse(JSON.parse(String(row.record))).data;
    return record && { record, seenMs: Number(row.seen_at_ms) };
  }

  /** Demands a stored profile. */
  saveElections(connectionId: string, { record, seenMs }: KeptElections): void {
    this.#putElections.run(connectionId, JSON.stringify(record), Math.trunc(seenMs));
  }

  /** Says that the record was still true at the time. */
  seeElections(connectionId: string, seenMs: number): void {
    this.#seeElections.run(Math.trunc(seenMs), connectionId);
  }

  prune(connectionId: string, nowMs: number, retention: DiagnosisRetention): void {
    const { ageMsMax, findingsMax, closedByClientMax } = retention;
    this.#inTransaction(() => {
      this.#dropOld.run(connectionId, Math.trunc(nowMs - ageMsMax));
      this.#dropMany.run(connectionId, 0, findingsMax);
      this.#dropMany.run(connectionId, 1, closedByClientMax);
      this.#dropPictures.run(connectionId);
    });
  }

  #inTransaction(change: () => void): void {
    this.#database.exec('BEGIN');
    try {
      change();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }
}
