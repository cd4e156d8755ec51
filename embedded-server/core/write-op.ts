/** Everything that becomes a transaction, decoded: what clients may ask for, and what only servers ask of themselves. */
import type { JuteReader } from '../../shared/jute/reader.ts';
import { assert } from '../../shared/assert.ts';
import { createModeFlags } from '../../shared/protocol/create-mode.ts';
import {
  type CreateRequest,
  create,
  create2,
  createContainer,
  createTTL,
} from '../../shared/protocol/create.ts';
import { deleteNode } from '../../shared/protocol/delete.ts';
import { type MultiWriteOp, multi } from '../../shared/protocol/multi.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import { type ReconfigRequest, reconfig } from '../../shared/protocol/reconfig.ts';
import { type SetAclRequest, setACL } from '../../shared/protocol/set-acl.ts';
import { setData } from '../../shared/protocol/set-data.ts';

export type CreateOp = Extract<MultiWriteOp, { readonly request: CreateRequest }>;

export type WriteOp =
  | MultiWriteOp
  | { readonly op: 'setACL'; readonly request: SetAclRequest }
  | { readonly op: 'multi'; readonly ops: readonly MultiWriteOp[] }
  | { readonly op: 'reconfig'; readonly request: ReconfigRequest }
  | { readonly op: 'closeSession' }
  /** Only servers ask for these two. */
  | { readonly op: 'createSession'; readonly timeoutMs: number }
  | { readonly op: 'deleteContainer'; readonly path: string };

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

/** Demands a type that {@link isWrite}; throws ProtocolError when the body does not fit it. */
export function decodeWriteOp(type: number, body: JuteReader): WriteOp {
  switch (type) {
    case OpCode.create:
      return { op: 'create', request: create.decodeRequest(body) };
    case OpCode.create2:
      return { op: 'create2', request: create2.decodeRequest(body) };
    case OpCode.createContainer:
      return { op: 'createContainer', request: createContainer.decodeRequest(body) };
    case OpCode.createTTL:
      return { op: 'createTTL', request: createTTL.decodeRequest(body) };
    case OpCode.delete:
      return { op: 'delete', request: deleteNode.decodeRequest(body) };
    case OpCode.setData:
      return { op: 'setData', request: setData.decodeRequest(body) };
    case OpCode.setACL:
      return { op: 'setACL', request: setACL.decodeRequest(body) };
    case OpCode.multi:
      return { op: 'multi', ops: multi.decodeRequest(body).map(normalizePart) };
    case OpCode.reconfig:
      return { op: 'reconfig', request: reconfig.decodeRequest(body) };
    default:
      assert(type === OpCode.closeSession, `op ${type} is no write`);
      return { op: 'closeSession' };
  }
}

const CONTAINER_FLAGS = createModeFlags('CONTAINER');

/** Compat: inside a multi the flags alone, not the op code, tell a container from other nodes, and create2 is create. */
function normalizePart(part: MultiWriteOp): MultiWriteOp {
  switch (part.op) {
    case 'create':
    case 'create2':
    case 'createContainer': {
      const isContainer = part.request.flags === CONTAINER_FLAGS;
      return { op: isContainer ? 'createContainer' : 'create', request: part.request };
    }
    default:
      return part;
  }
}
