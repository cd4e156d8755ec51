/** One request on its way through the server: who asks, what, and where its undecoded body begins. */
import type { JuteReader } from '../../shared/jute/reader.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { Connection } from './connection.ts';

export interface Request {
  readonly connection: Connection;
  readonly xid: number;
  /** An OpCode, or any number that the client sent. */
  readonly type: number;
  /** At the body; reads decode it when it is their turn. */
  readonly body: JuteReader;
  readonly arrivedMs: number;
  /** The transaction that answers it, for writes; undefined for reads. */
  readonly zxid: Zxid | undefined;
}

/** Ops that become a transaction (PROTOCOL.md 7.3), as far as clients may send them. */
export function isWrite(type: number): boolean {
  switch (type) {
    case OpCode.create:
    case OpCode.create2:
    case OpCode.createContainer:
    case OpCode.createTTL:
    case OpCode.delete:
    case OpCode.setData:
    case OpCode.setACL:
    case OpCode.multi:
    case OpCode.reconfig:
    case OpCode.closeSession:
      return true;
    default:
      return false;
  }
}
