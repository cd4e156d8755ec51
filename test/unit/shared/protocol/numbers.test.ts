/** The protocol's numbers: op codes, error codes, create modes, event types. They are facts, so they stand here again. */
import { describe, expect, test } from 'vitest';
import {
  CREATE_MODES,
  type CreateMode,
  createModeFlags,
  createModeFromFlags,
  createOpCode,
  hasTtl,
  isContainer,
  isEphemeral,
  isSequential,
} from '../../../../shared/protocol/create-mode.ts';
import {
  ErrorCode,
  KEEPER_ERROR_NAMES,
  keeperErrorName,
  keeperErrorNumber,
} from '../../../../shared/protocol/error-code.ts';
import { OpCode, opName } from '../../../../shared/protocol/op-code.ts';
import { EventType, KeeperState, eventTypeName } from '../../../../shared/protocol/watcher-event.ts';
import { AddWatchMode, WatcherType } from '../../../../shared/protocol/watch-ops.ts';

describe('op codes', () => {
  test('are those of ZooDefs.OpCode', () => {
    expect(OpCode).toEqual({
      notification: 0,
      create: 1,
      delete: 2,
      exists: 3,
      getData: 4,
      setData: 5,
      getACL: 6,
      setACL: 7,
      getChildren: 8,
      sync: 9,
      ping: 11,
      getChildren2: 12,
      check: 13,
      multi: 14,
      create2: 15,
      reconfig: 16,
      checkWatches: 17,
      removeWatches: 18,
      createContainer: 19,
      deleteContainer: 20,
      createTTL: 21,
      multiRead: 22,
      auth: 100,
      setWatches: 101,
      sasl: 102,
      getEphemerals: 103,
      getAllChildrenNumber: 104,
      setWatches2: 105,
      addWatch: 106,
      whoAmI: 107,
      createSession: -10,
      closeSession: -11,
      error: -1,
    });
  });

  test('have names both ways; a number that no operation has, has none', () => {
    for (const [name, code] of Object.entries(OpCode)) expect(opName(code)).toBe(name);
    for (const code of [10, 23, 99, 108, -2, 55]) expect(opName(code)).toBeUndefined();
  });
});

describe('error codes', () => {
  test('are those of KeeperException.Code', () => {
    expect(ErrorCode).toEqual({
      OK: 0,
      SYSTEMERROR: -1,
      RUNTIMEINCONSISTENCY: -2,
      DATAINCONSISTENCY: -3,
      CONNECTIONLOSS: -4,
      MARSHALLINGERROR: -5,
      UNIMPLEMENTED: -6,
      OPERATIONTIMEOUT: -7,
      BADARGUMENTS: -8,
      UNKNOWNSESSION: -12,
      NEWCONFIGNOQUORUM: -13,
      RECONFIGINPROGRESS: -14,
      APIERROR: -100,
      NONODE: -101,
      NOAUTH: -102,
      BADVERSION: -103,
      NOCHILDRENFOREPHEMERALS: -108,
      NODEEXISTS: -110,
      NOTEMPTY: -111,
      SESSIONEXPIRED: -112,
      INVALIDCALLBACK: -113,
      INVALIDACL: -114,
      AUTHFAILED: -115,
      SESSIONMOVED: -118,
      NOTREADONLY: -119,
      EPHEMERALONLOCALSESSION: -120,
      NOWATCHER: -121,
      REQUESTTIMEOUT: -122,
      RECONFIGDISABLED: -123,
      SESSIONCLOSEDREQUIRESASLAUTH: -124,
      QUOTAEXCEEDED: -125,
      THROTTLEDOP: -127,
    });
  });

  test('have names both ways; an unknown number is carried as SYSTEMERROR', () => {
    for (const name of KEEPER_ERROR_NAMES) expect(keeperErrorName(keeperErrorNumber(name))).toBe(name);
    expect(KEEPER_ERROR_NAMES).toHaveLength(Object.keys(ErrorCode).length - 1);
    for (const number of [-9, -126, -1000, 7]) expect(keeperErrorName(number)).toBe('SYSTEMERROR');
  });
});

describe('create modes', () => {
  const facts: readonly [CreateMode, { flags: number; op: number; marks: string }][] = [
    ['PERSISTENT', { flags: 0, op: 15, marks: '' }],
    ['EPHEMERAL', { flags: 1, op: 15, marks: 'ephemeral' }],
    ['PERSISTENT_SEQUENTIAL', { flags: 2, op: 15, marks: 'sequential' }],
    ['EPHEMERAL_SEQUENTIAL', { flags: 3, op: 15, marks: 'ephemeral sequential' }],
    ['CONTAINER', { flags: 4, op: 19, marks: 'container' }],
    ['PERSISTENT_WITH_TTL', { flags: 5, op: 21, marks: 'ttl' }],
    ['PERSISTENT_SEQUENTIAL_WITH_TTL', { flags: 6, op: 21, marks: 'sequential ttl' }],
  ];

  test.each(facts)('%s', (mode, { flags, op, marks }) => {
    expect(createModeFlags(mode)).toBe(flags);
    expect(createModeFromFlags(flags)).toBe(mode);
    expect(createOpCode(mode)).toBe(op);
    const found = [
      isEphemeral(mode) ? 'ephemeral' : '',
      isSequential(mode) ? 'sequential' : '',
      isContainer(mode) ? 'container' : '',
      hasTtl(mode) ? 'ttl' : '',
    ];
    expect(found.filter(Boolean).join(' ')).toBe(marks);
  });

  test('there are seven, and other numbers are none', () => {
    expect(facts.map(([mode]) => mode)).toEqual([...CREATE_MODES]);
    for (const flags of [-1, 7, 0x7fff_ffff, 0.5]) expect(createModeFromFlags(flags)).toBeUndefined();
  });
});

describe('watches', () => {
  test('event types and states', () => {
    expect(EventType).toMatchObject({
      None: -1,
      NodeCreated: 1,
      NodeDeleted: 2,
      NodeDataChanged: 3,
      NodeChildrenChanged: 4,
    });
    expect(KeeperState).toMatchObject({
      Disconnected: 0,
      SyncConnected: 3,
      AuthFailed: 4,
      ConnectedReadOnly: 5,
      Expired: -112,
    });
    for (const [name, type] of Object.entries(EventType)) expect(eventTypeName(type)).toBe(name);
    expect(eventTypeName(0)).toBeUndefined();
    expect(eventTypeName(8)).toBeUndefined();
  });

  test('watcher types and modes of addWatch', () => {
    expect(WatcherType).toEqual({ children: 1, data: 2, any: 3, persistent: 4, persistentRecursive: 5 });
    expect(AddWatchMode).toEqual({ persistent: 0, persistentRecursive: 1 });
  });
});
