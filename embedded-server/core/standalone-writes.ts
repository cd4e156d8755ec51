/**
 * The way of a write on a server without an ensemble (ZooKeeper's chain Prep → Sync → Final): it becomes a transaction at
 * once, waits for the log, and is committed by being durable.
 */
import type { SessionId } from '../../shared/ids.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { Request } from './connection.ts';
import type { Now, ServerEffect } from './effects.ts';
import { Fifo } from './fifo.ts';
import type { Prep, PreparedTxn } from './prep.ts';
import type { RequestPipeline, Write, WriteRoute } from './request-pipeline.ts';
import type { WriteOp } from './write-op.ts';

/** A transaction on its way through the log, and who waits for it; nobody does for the server's own. */
interface InFlight {
  readonly prepared: PreparedTxn;
  readonly request: Request | undefined;
}

export class StandaloneWrites implements WriteRoute {
  /** What is committed here is everything there is. */
  readonly sync = undefined;
  readonly #prep: Prep;
  /** Not taken yet. */
  #effects: ServerEffect[] = [];
  readonly #inFlight = new Fifo<InFlight>();

  constructor(prep: Prep) {
    this.#prep = prep;
  }

  /** What is to be made durable, since the last call. */
  takeEffects(): ServerEffect[] {
    const effects = this.#effects;
    this.#effects = [];
    return effects;
  }

  submit({ asker, op, request }: Write, now: Now): void {
    this.#persist({ prepared: this.#prep.prepare({ asker, op, wallMs: now.wallMs }), request });
  }

  /** A write that the server itself wants, for a session or, by SESSION_NONE, for nobody. */
  submitOwn(op: WriteOp, sessionId: SessionId, now: Now): void {
    const asker = { sessionId, xid: 0, ids: [] };
    const prepared = this.#prep.prepare({ asker, op, wallMs: now.wallMs });
    this.#persist({ prepared, request: undefined });
  }

  #persist(inFlight: InFlight): void {
    const { entry, bytes } = inFlight.prepared;
    this.#inFlight.push(inFlight);
    this.#effects.push({ kind: 'persist', zxid: entry.header.zxid, entry: bytes });
  }

  /** Applies and answers everything that is durable by now. */
  onPersisted(zxid: Zxid, pipeline: RequestPipeline): void {
    for (let next = this.#inFlight.peek(); next !== undefined; next = this.#inFlight.peek()) {
      const { entry, changes } = next.prepared;
      if (entry.header.zxid > zxid) return;
      this.#inFlight.shift();
      const applied = pipeline.apply(entry);
      this.#prep.release(changes);
      pipeline.finish(entry, applied, next.request);
    }
  }
}
