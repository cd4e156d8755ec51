/** Which session this is, and how far it has seen: what a ConnectRequest carries from one server to the next. Pure. */
import { SESSION_NONE, SESSION_PASSWORD_BYTES, type SessionId } from '../../shared/ids.ts';
import type { ConnectRequest, ConnectResponse } from '../../shared/protocol/connect.ts';
import { ZXID_NONE, type Zxid } from '../../shared/zxid.ts';
import type { SessionKey } from './session-types.ts';

export class SessionIdentity {
  #key: SessionKey;
  /** A session from a read-only server is that server's alone and is not carried to the next one. */
  #isReadWrite: boolean;
  #lastZxidSeen: Zxid = ZXID_NONE;

  constructor(resume: SessionKey | undefined) {
    this.#key = resume ?? { sessionId: SESSION_NONE, password: new Uint8Array(SESSION_PASSWORD_BYTES) };
    this.#isReadWrite = resume !== undefined;
  }

  get key(): SessionKey {
    return this.#key;
  }

  get sessionId(): SessionId {
    return this.#key.sessionId;
  }

  /** Everything up to here was seen by this client; a server that is behind refuses it. */
  get lastZxidSeen(): Zxid {
    return this.#lastZxidSeen;
  }

  connectRequest({
    timeoutMs,
    canBeReadOnly,
  }: {
    timeoutMs: number;
    canBeReadOnly: boolean;
  }): ConnectRequest {
    return {
      protocolVersion: 0,
      lastZxidSeen: this.#lastZxidSeen,
      timeoutMs,
      sessionId: this.#isReadWrite ? this.#key.sessionId : SESSION_NONE,
      password: this.#isReadWrite ? this.#key.password : new Uint8Array(SESSION_PASSWORD_BYTES),
      readOnly: canBeReadOnly,
    };
  }

  onConnected({ sessionId, password, readOnly }: ConnectResponse): void {
    this.#key = { sessionId, password };
    if (readOnly !== true) this.#isReadWrite = true;
  }

  /** Compat: only positive zxids count; auth replies carry 0 and notifications -1 (PROTOCOL.md 2.1). */
  onReply(zxid: Zxid): void {
    if (zxid > 0n) this.#lastZxidSeen = zxid;
  }
}
