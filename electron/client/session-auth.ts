/**
 * The credentials of a session. Identities belong to a connection, so all are sent again on each one (PROTOCOL.md 2.16);
 * replies come in order and carry no other mark than their xid -4. Pure.
 */
import type { JuteWriter } from '../../shared/jute/writer.ts';
import { auth } from '../../shared/protocol/auth.ts';
import { encodeRequestHeader } from '../../shared/protocol/header.ts';
import { SpecialXid } from '../../shared/protocol/op-code.ts';
import { decodeUtf8 } from '../../shared/jute/utf8.ts';
import type { RequestOutcome } from './request-queue.ts';
import type { AuthenticatedId, Credential } from './session-types.ts';

type Settle = (outcome: RequestOutcome) => void;

interface Entry {
  readonly credential: Credential;
  /** Whoever waits to hear that a server took it. */
  waiting: Settle[];
}

export class SessionAuth {
  readonly #entries: Entry[] = [];
  /** Sent on this connection, not answered yet. */
  #unanswered: Entry[] = [];
  #accepted = new Set<Entry>();

  get authenticated(): readonly AuthenticatedId[] {
    return [...this.#accepted].map(({ credential }) => ({
      scheme: credential.scheme,
      user: userOf(credential),
    }));
  }

  get oldestUnanswered(): Credential | undefined {
    return this.#unanswered[0]?.credential;
  }

  /** Keeps a credential for good, and sends it at once when there is a connection to write to. */
  add(credential: Credential, settle: Settle, writer: JuteWriter | undefined): void {
    let entry = this.#entries.find((known) => isSame(known.credential, credential));
    if (entry === undefined) {
      entry = { credential, waiting: [] };
      this.#entries.push(entry);
    }
    entry.waiting.push(settle);
    if (writer !== undefined) this.#send(writer, entry);
  }

  onConnected(writer: JuteWriter): void {
    for (const entry of this.#entries) this.#send(writer, entry);
  }

  onDisconnected(): void {
    this.#unanswered = [];
    this.#accepted = new Set();
  }

  /** The server took the oldest one; returns who waited for that. */
  onAccepted(): Settle[] {
    const entry = this.#unanswered.shift();
    if (entry === undefined) return [];
    this.#accepted.add(entry);
    return entry.waiting.splice(0);
  }

  /** Everybody who still waits, when the session is over. */
  drain(): Settle[] {
    return this.#entries.flatMap((entry) => entry.waiting.splice(0));
  }

  #send(writer: JuteWriter, entry: Entry): void {
    const frame = writer.beginFrame();
    encodeRequestHeader(writer, { xid: SpecialXid.auth, type: auth.opCode });
    auth.encodeRequest(writer, entry.credential);
    writer.endFrame(frame);
    this.#unanswered.push(entry);
  }
}

function isSame(a: Credential, b: Credential): boolean {
  return (
    a.scheme === b.scheme &&
    a.auth.length === b.auth.length &&
    a.auth.every((byte, at) => byte === b.auth[at])
  );
}

/** Never the password: only what stands before the first colon of a digest. */
function userOf({ scheme, auth: bytes }: Credential): string {
  if (scheme !== 'digest') return '';
  const colon = bytes.indexOf(0x3a);
  return decodeUtf8(bytes, 0, colon === -1 ? bytes.length : colon);
}
