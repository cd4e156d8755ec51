/**
 * Who is in the ensemble, as one server knows it (QuorumPeer's quorumVerifier and lastSeenQuorumVerifier; PROTOCOL.md 2.15,
 * 4.2, 5.3). Two configurations: the committed one, and the last one seen, which is the same or is about to be committed.
 * While they differ, everything that needs a quorum needs one of each, since this server cannot tell which of them holds.
 *
 * What is committed goes to the disk before anything that was proposed under it, so whoever has a proposal in its log has
 * the configuration that it was proposed under. A configuration that is proposed is in the log itself.
 */
import type { Sid } from '../../shared/ids.ts';
import { decodeUtf8 } from '../../shared/jute/utf8.ts';
import type { Txn } from '../../shared/storage-format/txn.ts';
import { ConfigError } from './config.ts';
import type { EnsembleConfig, EnsembleServer } from './ensemble-config.ts';
import { membershipText, parseEnsembleText } from './ensemble-config.ts';
import type { QuorumVerifier } from '../../shared/quorum-verifier.ts';

export class Membership {
  readonly #sid: Sid;
  /** Without it nothing changes, whatever others say. */
  readonly isReconfigurable: boolean;
  #committed: EnsembleConfig;
  #lastSeen: EnsembleConfig;
  #hasChanged = false;

  constructor({
    sid,
    isReconfigurable,
    committed,
    lastSeen = committed,
  }: {
    sid: Sid;
    isReconfigurable: boolean;
    committed: EnsembleConfig;
    lastSeen?: EnsembleConfig | undefined;
  }) {
    this.#sid = sid;
    this.isReconfigurable = isReconfigurable;
    this.#committed = committed;
    this.#lastSeen = lastSeen.version > committed.version ? lastSeen : committed;
    this.#hasChanged = this.isPending;
  }

  get committed(): EnsembleConfig {
    return this.#committed;
  }

  get lastSeen(): EnsembleConfig {
    return this.#lastSeen;
  }

  get isPending(): boolean {
    return this.#lastSeen.version > this.#committed.version;
  }

  /** Those of the committed configuration and, while another is pending, of that one as well. */
  get verifiers(): readonly QuorumVerifier[] {
    return this.isPending ? [this.#committed.verifier, this.#lastSeen.verifier] : [this.#committed.verifier];
  }

  /** Whoever votes, or may be about to. */
  get voters(): ReadonlySet<Sid> {
    const { voters } = this.#committed.verifier;
    return this.isPending ? new Set([...voters, ...this.#lastSeen.verifier.voters]) : voters;
  }

  /** Everybody who is in the ensemble, or about to be, by what is committed where both know them. */
  get servers(): ReadonlyMap<Sid, EnsembleServer> {
    return new Map([...this.#lastSeen.servers, ...this.#committed.servers]);
  }

  get isObserver(): boolean {
    return this.#committed.servers.get(this.#sid)?.role === 'observer';
  }

  hasQuorum(sids: Iterable<Sid>): boolean {
    const all = new Set(sids);
    return this.verifiers.every((verifier) => verifier.containsQuorum(all));
  }

  /** `config` may be committed before long, or is already. */
  see(config: EnsembleConfig): void {
    if (!this.isReconfigurable || config.version === this.#lastSeen.version) return;
    this.#lastSeen = config.version > this.#committed.version ? config : this.#committed;
    this.#hasChanged = true;
  }

  /** `config` is committed. Returns whether that makes other members than before. */
  activate(config: EnsembleConfig): boolean {
    if (!this.isReconfigurable || config.version <= this.#committed.version) return false;
    const former = this.#committed;
    this.#committed = config;
    if (config.version > this.#lastSeen.version) this.#lastSeen = config;
    this.#hasChanged = true;
    return membershipText(former) !== membershipText(config);
  }

  /** Whether anything has changed since the last call, or the start. */
  takeChanged(): boolean {
    const hasChanged = this.#hasChanged;
    this.#hasChanged = false;
    return hasChanged;
  }
}

/** The configuration that `text` holds; undefined when it holds none. */
export function configOfText(text: string | undefined): EnsembleConfig | undefined {
  if (text === undefined || text === '') return undefined;
  try {
    return parseEnsembleText(text);
  } catch (error) {
    if (error instanceof ConfigError) return undefined;
    throw error;
  }
}

export function configOfBytes(bytes: Uint8Array | null | undefined): EnsembleConfig | undefined {
  return bytes ? configOfText(decodeUtf8(bytes)) : undefined;
}

/** What a transaction makes the configuration; undefined when it does not concern it. */
export function configOfTxn(txn: Txn): EnsembleConfig | undefined {
  return txn.op === 'reconfig' ? configOfBytes(txn.data) : undefined;
}
