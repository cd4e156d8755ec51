/**
 * The leader's proposals that are not committed yet, and who has them in its log (Leader.outstandingProposals and
 * SyncedLearnerTracker; PROTOCOL.md 5.8). A proposal commits when a quorum has it and everything before it is committed.
 */
import { assert } from '../../shared/assert.ts';
import type { Sid } from '../../shared/ids.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { Request } from './connection.ts';
import { Fifo } from './fifo.ts';
import type { PreparedTxn } from './prep.ts';
import type { QuorumVerifier } from '../../shared/quorum-verifier.ts';

export interface Proposal {
  readonly prepared: PreparedTxn;
  /** Of a client of the leader itself. */
  readonly request: Request | undefined;
  readonly acks: Set<Sid>;
  /** It commits when it has a quorum of each. */
  verifiers: readonly QuorumVerifier[];
}

export class Proposals {
  readonly #byZxid = new Map<Zxid, Proposal>();
  readonly #inOrder = new Fifo<Proposal>();
  #lastProposed: Zxid;

  /** `epochStart` is the zxid behind which this leader proposes. */
  constructor(epochStart: Zxid) {
    this.#lastProposed = epochStart;
  }

  get size(): number {
    return this.#inOrder.length;
  }

  get lastProposed(): Zxid {
    return this.#lastProposed;
  }

  /** In the order of their zxids. */
  outstanding(): IterableIterator<Proposal> {
    return this.#byZxid.values();
  }

  /** Demands the zxid behind the last one. */
  add(prepared: PreparedTxn, request: Request | undefined, verifiers: readonly QuorumVerifier[]): Proposal {
    const { zxid } = prepared.entry.header;
    assert(zxid === this.#lastProposed + 1n, 'proposals have a gap');
    const proposal: Proposal = { prepared, request, acks: new Set(), verifiers };
    this.#byZxid.set(zxid, proposal);
    this.#inOrder.push(proposal);
    this.#lastProposed = zxid;
    return proposal;
  }

  /** `sid` has the proposal in its log. Of one that is committed or unknown nothing follows. */
  ack(sid: Sid, zxid: Zxid): void {
    this.#byZxid.get(zxid)?.acks.add(sid);
  }

  /**
   * From now on `verifiers` have the say, also of what was proposed while two configurations had: those who have lost their
   * vote acknowledge nothing any more. Whoever leads next has the configuration in its log, and asks its quorum.
   * Differs: under Apache what was proposed behind a reconfig goes on waiting for a quorum of the former configuration.
   */
  decideBy(verifiers: readonly QuorumVerifier[]): void {
    for (const proposal of this.#byZxid.values()) proposal.verifiers = verifiers;
  }

  /** The oldest, if it is committed by now. It stays until it is taken. */
  peekCommitted(): Proposal | undefined {
    const head = this.#inOrder.peek();
    return head?.verifiers.every((verifier) => verifier.containsQuorum(head.acks)) ? head : undefined;
  }

  /** Takes out the oldest, which must be committed. */
  take(): void {
    const head = this.#inOrder.shift();
    assert(head !== undefined, 'nothing is proposed');
    this.#byZxid.delete(head.prepared.entry.header.zxid);
  }
}
