/** What a learner passes on to its leader: a client's write, or its sync (PROTOCOL.md 5.1, 5.8). */
import { ProtocolError } from '../../shared/errors.ts';
import type { SessionId } from '../../shared/ids.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import { decodeForwardedRequest } from '../quorum-protocol/packet-bodies.ts';
import type { QuorumPacket } from '../quorum-protocol/quorum-packet.ts';
import { type WriteOp, decodeWriteOp, isWrite } from './write-op.ts';

export type LearnerRequest = { readonly sessionId: SessionId; readonly xid: number } & (
  | { readonly kind: 'sync' }
  /** `op` is undefined when what the client sent cannot be decoded: it is told so by a transaction. */
  | { readonly kind: 'write'; readonly op: WriteOp | undefined }
);

/** Throws ProtocolError on what no learner passes on. */
export function decodeLearnerRequest(packet: QuorumPacket): LearnerRequest {
  const { sessionId, xid, type, body } = decodeForwardedRequest(packet.data);
  if (type === OpCode.sync) return { kind: 'sync', sessionId, xid };
  if (type === OpCode.createSession) {
    const op: WriteOp = { op: 'createSession', timeoutMs: new JuteReader(body).readInt() };
    return { kind: 'write', sessionId, xid, op };
  }
  if (!isWrite(type)) throw new ProtocolError('BAD_VALUE', `a learner passes on op ${type}`);
  return { kind: 'write', sessionId, xid, op: decodeOrUndefined(type, body) };
}

function decodeOrUndefined(type: number, body: Uint8Array): WriteOp | undefined {
  try {
    return decodeWriteOp(type, new JuteReader(body));
  } catch (error) {
    if (error instanceof ProtocolError) return undefined;
    throw error;
  }
}
