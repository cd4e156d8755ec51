/**
 * Finds where a snapshot ends that comes over a quorum connection (PROTOCOL.md 5.6, 6.4): it hops from field to field and
 * goes on where it stopped when more bytes arrive. What the fields mean is not looked at here.
 *
 * ```
 * body => sessions(int count, count × 12 bytes) acls(int count, count × (long, int n, n × (int, ustring, ustring)))
 *         nodes(path(ustring) data(buffer) aclId(long) stat(60 bytes))… "/"
 * signature => "BenWasHere"
 * ```
 */
import { ProtocolError } from '../../shared/errors.ts';

export const SNAPSHOT_SIGNATURE = 'BenWasHere';

const SESSION_BYTES = 12;
const ACL_ID_BYTES = 8;
/** Behind a node's data: the id of its ACL and its stat. */
const NODE_TAIL_BYTES = 68;
const FIELD_BYTES_MAX = 64 * 1024 * 1024;
const COUNT_MAX = 64 * 1024 * 1024;
const SLASH = 0x2f;

type Phase = 'sessions' | 'aclCount' | 'acl' | 'node' | 'signature';

export class SnapshotScanner {
  #phase: Phase = 'sessions';
  /** Behind the last element that was whole, from the start of the body. */
  #offset = 0;
  #aclsLeft = 0;
  #bodyBytes = 0;

  /** Undefined until everything is there. `start` is the body's first byte, which may move between calls. */
  scan(
    view: DataView,
    start: number,
    end: number,
  ): { readonly bodyBytes: number; readonly signatureBytes: number } | undefined {
    for (;;) {
      const next = this.#hop(view, start + this.#offset, end);
      if (next === undefined) return undefined;
      this.#offset = next - start;
      if (this.#phase === 'signature' && this.#bodyBytes === 0) this.#bodyBytes = this.#offset;
      else if (this.#phase === 'signature') {
        return { bodyBytes: this.#bodyBytes, signatureBytes: this.#offset - this.#bodyBytes };
      }
    }
  }

  /** Behind the element at `at`, or undefined when it is not complete. */
  #hop(view: DataView, at: number, end: number): number | undefined {
    if (at + 4 > end) return undefined;
    switch (this.#phase) {
      case 'sessions': {
        const next = at + 4 + bounded(view.getInt32(at), COUNT_MAX) * SESSION_BYTES;
        if (next > end) return undefined;
        this.#phase = 'aclCount';
        return next;
      }
      case 'aclCount':
        this.#aclsLeft = bounded(view.getInt32(at), COUNT_MAX);
        this.#phase = this.#aclsLeft > 0 ? 'acl' : 'node';
        return at + 4;
      case 'acl': {
        const next = hopAcl(view, at, end);
        if (next !== undefined && --this.#aclsLeft === 0) this.#phase = 'node';
        return next;
      }
      case 'node':
        return this.#hopNode(view, at, end);
      case 'signature':
        return this.#hopSignature(view, at, end);
    }
  }

  #hopNode(view: DataView, at: number, end: number): number | undefined {
    const pathBytes = bounded(view.getInt32(at), FIELD_BYTES_MAX);
    const behindPath = at + 4 + pathBytes;
    if (behindPath > end) return undefined;
    if (pathBytes === 1 && view.getUint8(at + 4) === SLASH) {
      this.#phase = 'signature';
      return behindPath;
    }
    if (behindPath + 4 > end) return undefined;
    const next = behindPath + 4 + bounded(view.getInt32(behindPath), FIELD_BYTES_MAX) + NODE_TAIL_BYTES;
    return next > end ? undefined : next;
  }

  #hopSignature(view: DataView, at: number, end: number): number | undefined {
    const next = at + 4 + SNAPSHOT_SIGNATURE.length;
    if (view.getInt32(at) !== SNAPSHOT_SIGNATURE.length) {
      throw new ProtocolError('BAD_VALUE', 'a snapshot that is not signed');
    }
    if (next > end) return undefined;
    for (let index = 0; index < SNAPSHOT_SIGNATURE.length; index++) {
      if (view.getUint8(at + 4 + index) !== SNAPSHOT_SIGNATURE.charCodeAt(index)) {
        throw new ProtocolError('BAD_VALUE', 'a snapshot that is signed otherwise');
      }
    }
    return next;
  }
}

function hopAcl(view: DataView, start: number, end: number): number | undefined {
  let at = start + ACL_ID_BYTES;
  if (at + 4 > end) return undefined;
  const entries = bounded(view.getInt32(at), COUNT_MAX);
  at += 4;
  for (let entry = 0; entry < entries; entry++) {
    at += 4;
    for (let text = 0; text < 2; text++) {
      if (at + 4 > end) return undefined;
      at += 4 + bounded(view.getInt32(at), FIELD_BYTES_MAX);
    }
    if (at > end) return undefined;
  }
  return at;
}

function bounded(length: number, max: number): number {
  if (length < -1 || length > max)
    throw new ProtocolError('BAD_LENGTH', `a length of ${length} in a snapshot`);
  return Math.max(length, 0);
}
