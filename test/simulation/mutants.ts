/**
 * Planted faults: each is one change of one line of the core, applied while the file is loaded. The simulator must find
 * every one of them, or it could not find a real one.
 */
export interface Mutant {
  readonly name: string;
  /** Seen from embedded-server/core. */
  readonly file: string;
  /** Occurs exactly once. */
  readonly find: string;
  readonly replace: string;
}

export const MUTANTS: readonly Mutant[] = [
  {
    name: 'leader-commits-without-quorum',
    file: 'proposals.ts',
    find: 'head?.verifiers.every((verifier) => verifier.containsQuorum(head.acks)) ? head',
    replace: 'head && head.acks.size > 0 ? head',
  },
  {
    name: 'majority-is-half',
    file: '../../shared/quorum-verifier.ts',
    find: 'return count > Math.floor(this.voters.size / 2);',
    replace: 'return count >= Math.floor(this.voters.size / 2);',
  },
  {
    name: 'follower-acks-before-fsync',
    file: 'learner.ts',
    find: "this.#rooms.storage.run(append(txn), () => {\n      this.#trail.onAcked(txn.entry.header.zxid, this.#rooms.sid);\n      stats.ackCreationMs.addSince(timeMs, clock().wallMs);\n      this.#send({ type: 'ACK', zxid: txn.entry.header.zxid });\n    });",
    replace:
      "this.#rooms.storage.run(append(txn), () => undefined);\n    this.#send({ type: 'ACK', zxid: txn.entry.header.zxid });",
  },
  {
    name: 'leader-acks-before-fsync',
    file: 'leader.ts',
    find: 'const proposal = proposals.add(prepared, request, membership.verifiers);',
    replace:
      'const proposal = proposals.add(prepared, request, membership.verifiers);\n    proposals.ack(this.#rooms.sid, zxid);',
  },
  {
    name: 'votes-ignore-the-epoch',
    file: 'vote.ts',
    find: 'if (candidate.peerEpoch !== current.peerEpoch) return candidate.peerEpoch - current.peerEpoch;',
    replace: '',
  },
  {
    name: 'votes-ignore-the-zxid',
    file: 'vote.ts',
    find: 'if (candidate.zxid !== current.zxid) return candidate.zxid < current.zxid ? -1 : 1;',
    replace: '',
  },
  {
    name: 'accepted-epoch-not-stored',
    file: 'learner.ts',
    find: "storage.run({ op: 'acceptedEpoch', epoch }, () => {",
    replace: "storage.run({ op: 'acceptedEpoch', epoch: 0 }, () => {",
  },
  {
    name: 'current-epoch-not-stored',
    file: 'learner.ts',
    find: "storage.run({ op: 'currentEpoch', epoch }, () => {",
    replace: "storage.run({ op: 'currentEpoch', epoch: 0 }, () => {",
  },
  {
    name: 'new-leader-acked-before-history-is-stored',
    file: 'learner.ts',
    find: "storage.run({ op: 'currentEpoch', epoch }, () => {",
    replace:
      "this.#send({ type: 'ACK', zxid: newLeaderZxid });\n    storage.run({ op: 'currentEpoch', epoch }, () => {",
  },
  {
    name: 'trunc-skipped',
    file: 'learner.ts',
    find: 'this.#truncate(start.zxid, zxid);',
    replace: 'this.#storeHistory(zxid);',
  },
  {
    name: 'trunc-never-decided',
    file: 'sync-decision.ts',
    find: "if (learnerZxid > maxZxid && !isAtEpochStart) return { kind: 'TRUNC', zxid: maxZxid, txns: [] };",
    replace: "if (learnerZxid > maxZxid) return { kind: 'DIFF', zxid: maxZxid, txns: [] };",
  },
  {
    name: 'snap-never-decided',
    file: 'sync-decision.ts',
    find: "if (learnerZxid < minZxid || learnerZxid > maxZxid) return { kind: 'SNAP' };",
    replace: '',
  },
  {
    name: 'snapshot-not-stored',
    file: 'learner.ts',
    find: "storage.run({ op: 'snapshot', zxid: start.zxid, body: start.body }, () => {",
    replace: "storage.run({ op: 'acceptedEpoch', epoch: this.#newEpoch }, () => {",
  },
  {
    name: 'diff-leaves-one-out',
    file: 'sync-decision.ts',
    find: 'const txns = next === -1 ? [] : committed.slice(next);',
    replace: 'const txns = next === -1 ? [] : committed.slice(next + 1);',
  },
  {
    name: 'outstanding-proposals-not-forwarded',
    file: 'leader.ts',
    find: 'for (const proposal of this.#proposals?.outstanding() ?? []) this.#sendProposal(link, proposal);',
    replace: '',
  },
  {
    name: 'follower-serves-before-uptodate',
    file: 'learner.ts',
    find: "this.#phase = 'historyStoring';",
    replace:
      "this.#phase = 'historyStoring';\n    this.#rooms.clients.serve({ database: this.#rooms.replica.database, writes: this, sessions: this.#sessions });",
  },
  {
    name: 'leader-serves-before-a-quorum-has-its-history',
    file: 'leader.ts',
    find: 'if (!this.#founders.has(this.#rooms.sid) || !this.#hasQuorum(this.#founders)) return;',
    replace: 'if (!this.#founders.has(this.#rooms.sid)) return;',
  },
  {
    name: 'epoch-offered-twice',
    file: 'leader.ts',
    find: 'this.#epoch = Math.max(this.#epoch, acceptedEpoch + 1);',
    replace: 'this.#epoch = Math.max(this.#epoch, acceptedEpoch, 1);',
  },
  {
    name: 'ephemerals-left-behind',
    file: 'database.ts',
    find: 'for (const path of paths ?? []) this.#delete(header, path);',
    replace: 'if (paths !== null) return;',
  },
  {
    name: 'sessions-never-expire',
    file: 'leader.ts',
    find: "this.#submitOwn({ op: 'closeSession' }, sessionId);",
    replace: '',
  },
  {
    name: 'watch-not-told',
    file: 'database.ts',
    find: 'this.#observer.onDataChanged(path, node.acl);',
    replace: '',
  },
  {
    name: 'log-beyond-commit-forgotten',
    file: 'quorum-server.ts',
    find: 'for (const txn of unapplied) this.#replica.apply(txn);',
    replace: 'if (unapplied.length > 1e9) return;',
  },
  {
    name: 'leader-never-gives-up',
    file: 'leader.ts',
    find: "if (!this.#hasQuorum(synced)) this.#giveUp('too few followers are synchronised');",
    replace: '',
  },
  {
    name: 'client-may-go-back-in-time',
    file: 'handshake.ts',
    find: 'if (request.lastZxidSeen > lastProcessedZxid) {',
    replace: 'if (request.lastZxidSeen < 0n) {',
  },
  {
    name: 'cut-where-nothing-leads-up-to',
    file: 'learner.ts',
    find: 'else this.#askForSnapshot(last);',
    replace: 'else this.#storeHistory(newLeaderZxid);',
  },
  {
    name: 'history-in-front-of-a-snapshot-is-kept',
    file: 'learner.ts',
    find: 'data: { database, history: new CommittedLog([], this.#rooms.limits.committedMax) },',
    replace: 'data: { database, history: this.#rooms.replica.history },',
  },
  {
    name: 'what-came-before-uptodate-is-lost',
    file: 'learner.ts',
    find: 'for (const packet of held) this.#onServingPacket(packet);',
    replace: 'if (held.length > 1e9) return;',
  },
  {
    name: 'zxids-run-over',
    file: 'leader.ts',
    find: 'if (zxidCounter(proposals.lastProposed) >= this.#rooms.limits.txnsPerEpochMax) {',
    replace: 'if (zxidCounter(proposals.lastProposed) < 0) {',
  },
  {
    name: 'one-server-speaks-for-its-group',
    file: '../../shared/quorum-verifier.ts',
    find: 'weight > Math.floor(total / 2)',
    replace: 'weight > 0',
  },
  {
    name: 'sessions-expire-early',
    file: 'expiry-buckets.ts',
    find: 'const bucketMs = this.#bucketOf(nowMs + timeoutMs);',
    replace: 'const bucketMs = this.#bucketOf(nowMs + timeoutMs / 2);',
  },
  {
    name: 'sessions-expire-a-bucket-late',
    file: 'expiry-buckets.ts',
    find: 'const bucketMs = this.#bucketOf(nowMs + timeoutMs);',
    replace: 'const bucketMs = this.#bucketOf(nowMs + timeoutMs) + this.#intervalMs;',
  },
  {
    name: 'pings-tell-of-no-sessions',
    file: 'learner.ts',
    find: 'data: encodeSessionTimeouts(this.#sessions.takeTouched())',
    replace: 'data: encodeSessionTimeouts([])',
  },
  {
    name: 'leader-does-not-listen-to-pings',
    file: 'leader.ts',
    find: 'this.#sessions?.touch(session, timeoutMs, this.#now.elapsedMs);',
    replace: '',
  },
  {
    name: 'reads-overtake-writes',
    file: 'request-pipeline.ts',
    find: 'if (connection.queue.length === 0) this.#serve(request);',
    replace: 'if (connection.queue.length < 9) this.#serve(request);',
  },
  {
    name: 'sync-answered-at-once',
    file: 'learner.ts',
    find: 'this.#syncs.push(request);',
    replace:
      'if (request.xid > 0) {\n      this.#rooms.clients.pipeline.onSynced(request);\n      return;\n    }\n    this.#syncs.push(request);',
  },
  {
    name: 'moved-sessions-write-through-their-former-server',
    file: 'prep.ts',
    find: 'if (session.owner !== undefined) return ErrorCode.SESSIONMOVED;',
    replace: '',
  },
  {
    name: 'new-members-have-no-say-in-a-new-leader',
    file: 'membership.ts',
    find: 'return this.verifiers.every((verifier) => verifier.containsQuorum(all));',
    replace: 'return this.#committed.verifier.containsQuorum(all);',
  },
  {
    name: 'an-observer-that-is-to-vote-does-not-count',
    file: 'leader.ts',
    find: 'if (membership.voters.has(info.sid)) this.#onOffer(info.sid, acceptedEpoch);',
    replace: 'if (link.isVoter(membership.voters)) this.#onOffer(info.sid, acceptedEpoch);',
  },
  {
    name: 'who-has-no-vote-stays-in-its-round',
    file: 'election.ts',
    find: 'return isInRound ? logicalClock > this.#logicalClock : logicalClock !== this.#logicalClock;',
    replace: 'return logicalClock > this.#logicalClock;',
  },
];
