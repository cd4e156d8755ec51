/** Every operation of the client protocol by its name, and arbitrary records of each for property tests. */
import fc from 'fast-check';
import { toSessionId } from '../../../../shared/ids.ts';
import { auth } from '../../../../shared/protocol/auth.ts';
import { check } from '../../../../shared/protocol/check.ts';
import { closeSession } from '../../../../shared/protocol/close-session.ts';
import { create, create2, createContainer, createTTL } from '../../../../shared/protocol/create.ts';
import { deleteNode } from '../../../../shared/protocol/delete.ts';
import { exists } from '../../../../shared/protocol/exists.ts';
import { getACL } from '../../../../shared/protocol/get-acl.ts';
import { getAllChildrenNumber } from '../../../../shared/protocol/get-all-children-number.ts';
import { getChildren, getChildren2 } from '../../../../shared/protocol/get-children.ts';
import { getData } from '../../../../shared/protocol/get-data.ts';
import { getEphemerals } from '../../../../shared/protocol/get-ephemerals.ts';
import { type MultiResult, multi, multiRead } from '../../../../shared/protocol/multi.ts';
import type { OpName } from '../../../../shared/protocol/op-code.ts';
import type { Operation } from '../../../../shared/protocol/operation.ts';
import { ping } from '../../../../shared/protocol/ping.ts';
import { reconfig } from '../../../../shared/protocol/reconfig.ts';
import { sasl } from '../../../../shared/protocol/sasl.ts';
import { setACL } from '../../../../shared/protocol/set-acl.ts';
import { setData } from '../../../../shared/protocol/set-data.ts';
import { setWatches, setWatches2 } from '../../../../shared/protocol/set-watches.ts';
import type { Stat } from '../../../../shared/protocol/stat.ts';
import { sync } from '../../../../shared/protocol/sync.ts';
import { addWatch, checkWatches, removeWatches } from '../../../../shared/protocol/watch-ops.ts';
import { whoAmI } from '../../../../shared/protocol/who-am-i.ts';
import { toZxid } from '../../../../shared/zxid.ts';

/** Numbers that no client sends as a request: pushed by a server, made by one for itself, or marks inside a multi. */
export type InternalOpName = 'notification' | 'deleteContainer' | 'createSession' | 'error';

/** An operation whose record types do not matter: bytes in, bytes out. */
export type AnyOperation = Operation<unknown, unknown>;

/** The compiler demands an entry for every operation that there is. */
export const OPERATIONS: Readonly<Record<Exclude<OpName, InternalOpName>, AnyOperation>> = {
  create: erased(create),
  create2: erased(create2),
  createContainer: erased(createContainer),
  createTTL: erased(createTTL),
  delete: erased(deleteNode),
  exists: erased(exists),
  getData: erased(getData),
  setData: erased(setData),
  getACL: erased(getACL),
  setACL: erased(setACL),
  getChildren: erased(getChildren),
  getChildren2: erased(getChildren2),
  sync: erased(sync),
  ping: erased(ping),
  check: erased(check),
  multi: erased(multi),
  multiRead: erased(multiRead),
  reconfig: erased(reconfig),
  checkWatches: erased(checkWatches),
  removeWatches: erased(removeWatches),
  auth: erased(auth),
  setWatches: erased(setWatches),
  setWatches2: erased(setWatches2),
  sasl: erased(sasl),
  getEphemerals: erased(getEphemerals),
  getAllChildrenNumber: erased(getAllChildrenNumber),
  addWatch: erased(addWatch),
  whoAmI: erased(whoAmI),
  closeSession: erased(closeSession),
};

/** Forgets the record types; callers give an operation only what it decoded, or what its own arbitrary made. */
function erased<Request, Response>(operation: Operation<Request, Response>): AnyOperation {
  return operation as unknown as AnyOperation;
}

const int = fc.integer();
const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const text = fc.string({ unit: 'binary', maxLength: 12 });
const texts = fc.array(text, { maxLength: 4 });
const bytes = fc.option(fc.uint8Array({ maxLength: 24 }));

export const anyZxid = long.map(toZxid);
export const anySessionId = long.map(toSessionId);

export const anyStat: fc.Arbitrary<Stat> = fc.record({
  czxid: anyZxid,
  mzxid: anyZxid,
  ctime: long,
  mtime: long,
  version: int,
  cversion: int,
  aversion: int,
  ephemeralOwner: anySessionId,
  dataLength: int,
  numChildren: int,
  pzxid: anyZxid,
});

const acl = fc.array(fc.record({ perms: int, id: fc.record({ scheme: text, id: text }) }), { maxLength: 3 });
const pathOnly = fc.record({ path: text });
const watchedPath = fc.record({ path: text, watch: fc.boolean() });
const versionedPath = fc.record({ path: text, version: int });
const createRequest = fc.record({ path: text, data: bytes, acl, flags: int });
const createTtlRequest = fc.record({ path: text, data: bytes, acl, flags: int, ttlMs: long });
const create2Response = fc.record({ path: text, stat: anyStat });
const setDataRequest = fc.record({ path: text, data: bytes, version: int });
const watchesRequest = fc.record({ path: text, type: int });
const oneShotWatches = {
  relativeZxid: anyZxid,
  dataWatches: texts,
  existWatches: texts,
  childWatches: texts,
};
const nothing = fc.constant(undefined);

const multiWriteOp = fc.oneof(
  fc.record({ op: fc.constantFrom('create', 'create2', 'createContainer'), request: createRequest }),
  fc.record({ op: fc.constant('createTTL'), request: createTtlRequest }),
  fc.record({ op: fc.constantFrom('delete', 'check'), request: versionedPath }),
  fc.record({ op: fc.constant('setData'), request: setDataRequest }),
);
const multiReadOp = fc.record({ op: fc.constantFrom('getData', 'getChildren'), request: watchedPath });
const multiResult: fc.Arbitrary<MultiResult> = fc.oneof(
  fc.record({ op: fc.constant('create' as const), path: text }),
  fc.record({ op: fc.constant('create2' as const), path: text, stat: anyStat }),
  fc.record({ op: fc.constantFrom('delete' as const, 'check' as const) }),
  fc.record({ op: fc.constant('setData' as const), stat: anyStat }),
  fc.record({ op: fc.constant('getData' as const), data: bytes, stat: anyStat }),
  fc.record({ op: fc.constant('getChildren' as const), children: texts }),
  fc.record({ op: fc.constant('error' as const), err: int }),
);
const multiResults = fc.array(multiResult, { maxLength: 5 });

/** Any record that an operation can carry, requests on the left, responses on the right. */
export const RECORDS: Readonly<
  Record<keyof typeof OPERATIONS, readonly [request: fc.Arbitrary<unknown>, response: fc.Arbitrary<unknown>]>
> = {
  create: [createRequest, pathOnly],
  create2: [createRequest, create2Response],
  createContainer: [createRequest, create2Response],
  createTTL: [createTtlRequest, create2Response],
  delete: [versionedPath, nothing],
  exists: [watchedPath, anyStat],
  getData: [watchedPath, fc.record({ data: bytes, stat: anyStat })],
  setData: [setDataRequest, anyStat],
  getACL: [pathOnly, fc.record({ acl, stat: anyStat })],
  setACL: [fc.record({ path: text, acl, version: int }), anyStat],
  getChildren: [watchedPath, fc.record({ children: texts })],
  getChildren2: [watchedPath, fc.record({ children: texts, stat: anyStat })],
  sync: [pathOnly, pathOnly],
  ping: [nothing, nothing],
  check: [versionedPath, nothing],
  multi: [fc.array(multiWriteOp, { maxLength: 5 }), multiResults],
  multiRead: [fc.array(multiReadOp, { maxLength: 5 }), multiResults],
  reconfig: [
    fc.record({
      joiningServers: fc.option(text),
      leavingServers: fc.option(text),
      newMembers: fc.option(text),
      curConfigId: long,
    }),
    fc.record({ data: bytes, stat: anyStat }),
  ],
  checkWatches: [watchesRequest, nothing],
  removeWatches: [watchesRequest, nothing],
  auth: [fc.record({ scheme: text, auth: bytes }), nothing],
  setWatches: [fc.record(oneShotWatches), nothing],
  setWatches2: [
    fc.record({ ...oneShotWatches, persistentWatches: texts, persistentRecursiveWatches: texts }),
    nothing,
  ],
  sasl: [fc.record({ token: bytes }), fc.record({ token: bytes })],
  getEphemerals: [fc.record({ prefixPath: text }), fc.record({ ephemerals: texts })],
  getAllChildrenNumber: [pathOnly, fc.record({ totalNumber: int })],
  addWatch: [fc.record({ path: text, mode: int }), nothing],
  whoAmI: [
    nothing,
    fc.record({ clientInfo: fc.array(fc.record({ authScheme: text, user: text }), { maxLength: 3 }) }),
  ],
  closeSession: [nothing, nothing],
};
