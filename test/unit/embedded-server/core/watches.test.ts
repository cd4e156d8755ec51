/** Watches over the wire: which op sets which, what fires them, who may know, and setWatches (PROTOCOL.md 2.9, 2.10). */
import { beforeEach, describe, expect, test } from 'vitest';

import { type Acl, Perms, READ_ACL_UNSAFE } from '../../../../shared/acl.ts';
import { create } from '../../../../shared/protocol/create.ts';
import { deleteNode } from '../../../../shared/protocol/delete.ts';
import { ErrorCode } from '../../../../shared/protocol/error-code.ts';
import { exists } from '../../../../shared/protocol/exists.ts';
import { getChildren } from '../../../../shared/protocol/get-children.ts';
import { getData } from '../../../../shared/protocol/get-data.ts';
import { SpecialXid } from '../../../../shared/protocol/op-code.ts';
import { setACL } from '../../../../shared/protocol/set-acl.ts';
import { setData } from '../../../../shared/protocol/set-data.ts';
import { setWatches, setWatches2 } from '../../../../shared/protocol/set-watches.ts';
import {
  AddWatchMode,
  WatcherType,
  addWatch,
  checkWatches,
  removeWatches,
} from '../../../../shared/protocol/watch-ops.ts';
import { eventTypeName } from '../../../../shared/protocol/watcher-event.ts';
import { toZxid } from '../../../../shared/zxid.ts';
import { type HarnessClient, ServerHarness, creation } from '../server-harness.ts';

let harness: ServerHarness;
let writer: HarnessClient;
let watcher: HarnessClient;

beforeEach(() => {
  harness = new ServerHarness();
  writer = harness.connect();
  watcher = harness.connect();
});

/** Everything that `watcher` was told since the last call. */
function heard(): string[] {
  const events: string[] = [];
  while (watcher.frames.length > 0) {
    const { type, path } = watcher.nextEvent();
    events.push(`${eventTypeName(type) ?? type} ${path}`);
  }
  return events;
}

describe('watches: one-shot', () => {
  test('exists watches an absent node; getData and getChildren watch only what they could read', () => {
    const secret: Acl[] = [{ perms: Perms.ALL, id: { scheme: 'digest', id: 'a:b' } }];
    writer.call(create, creation('/secret', { acl: secret }));
    expect(watcher.errorOf(exists, { path: '/a', watch: true })).toBe(ErrorCode.NONODE);
    expect(watcher.errorOf(getData, { path: '/b', watch: true })).toBe(ErrorCode.NONODE);
    expect(watcher.errorOf(getData, { path: '/secret', watch: true })).toBe(ErrorCode.NOAUTH);
    expect(watcher.errorOf(getChildren, { path: '/secret', watch: true })).toBe(ErrorCode.NOAUTH);
    expect(harness.server.watches.size).toBe(1);
    writer.call(create, creation('/a'));
    writer.call(setData, { path: '/a', data: null, version: -1 });
    expect(heard()).toEqual(['NodeCreated /a']);
  });

  test('a deletion is told once to who watches both data and children', () => {
    writer.call(create, creation('/a'));
    watcher.call(getData, { path: '/a', watch: true });
    watcher.call(getChildren, { path: '/a', watch: true });
    watcher.call(getChildren, { path: '/', watch: true });
    writer.call(deleteNode, { path: '/a', version: -1 });
    expect(heard()).toEqual(['NodeDeleted /a', 'NodeChildrenChanged /']);
    expect(harness.server.watches.size).toBe(0);
  });

  test('a change of an ACL tells nobody', () => {
    writer.call(create, creation('/a'));
    watcher.call(getData, { path: '/a', watch: true });
    writer.call(setACL, { path: '/a', acl: READ_ACL_UNSAFE, version: -1 });
    expect(heard()).toEqual([]);
  });

  test('an ephemeral that goes with its session fires like a deletion', () => {
    writer.call(create, creation('/e', { mode: 'EPHEMERAL' }));
    watcher.call(exists, { path: '/e', watch: true });
    harness.step({ kind: 'connectionClosed', connectionId: writer.connectionId });
    for (let round = 0; round < 3; round++) {
      harness.advance(3000);
      watcher.call(exists, { path: '/', watch: false });
    }
    expect(heard()).toEqual([]);
    harness.advance(3000);
    expect(heard()).toEqual(['NodeDeleted /e']);
  });
});

describe('watches: persistent', () => {
  test('stays, and tells of the node and of its list of children', () => {
    watcher.call(addWatch, { path: '/a', mode: AddWatchMode.persistent });
    writer.call(create, creation('/a'));
    writer.call(create, creation('/a/b'));
    writer.call(setData, { path: '/a', data: null, version: -1 });
    writer.call(setData, { path: '/a/b', data: null, version: -1 });
    writer.call(deleteNode, { path: '/a/b', version: -1 });
    writer.call(deleteNode, { path: '/a', version: -1 });
    expect(heard()).toEqual([
      'NodeCreated /a',
      'NodeChildrenChanged /a',
      'NodeDataChanged /a',
      'NodeChildrenChanged /a',
      'NodeDeleted /a',
    ]);
  });

  test('a recursive one tells of the whole subtree, and never of lists of children', () => {
    watcher.call(addWatch, { path: '/a', mode: AddWatchMode.persistentRecursive });
    writer.call(create, creation('/a'));
    writer.call(create, creation('/a/b'));
    writer.call(setData, { path: '/a/b', data: null, version: -1 });
    writer.call(create, creation('/other'));
    writer.call(deleteNode, { path: '/a/b', version: -1 });
    expect(heard()).toEqual([
      'NodeCreated /a',
      'NodeCreated /a/b',
      'NodeDataChanged /a/b',
      'NodeDeleted /a/b',
    ]);
  });

  test('an unknown mode is refused', () => {
    expect(watcher.errorOf(addWatch, { path: '/a', mode: 2 })).toBe(ErrorCode.MARSHALLINGERROR);
  });
});

describe('watches: taking back', () => {
  test('by type: children, data, any; the types of 3.9 are unknown', () => {
    watcher.call(addWatch, { path: '/a', mode: AddWatchMode.persistent });
    expect(watcher.errorOf(removeWatches, { path: '/a', type: WatcherType.children })).toBe(0);
    expect(watcher.errorOf(checkWatches, { path: '/a', type: WatcherType.children })).toBe(
      ErrorCode.NOWATCHER,
    );
    expect(watcher.errorOf(checkWatches, { path: '/a', type: WatcherType.data })).toBe(0);
    expect(watcher.errorOf(removeWatches, { path: '/a', type: WatcherType.any })).toBe(0);
    expect(watcher.errorOf(removeWatches, { path: '/a', type: WatcherType.any })).toBe(ErrorCode.NOWATCHER);
    expect(watcher.errorOf(removeWatches, { path: '/a', type: 4 })).toBe(ErrorCode.MARSHALLINGERROR);
    writer.call(create, creation('/a'));
    expect(heard()).toEqual([]);
  });

  test("does not touch somebody else's", () => {
    watcher.errorOf(exists, { path: '/a', watch: true });
    expect(writer.errorOf(removeWatches, { path: '/a', type: WatcherType.any })).toBe(ErrorCode.NOWATCHER);
    writer.call(create, creation('/a'));
    expect(heard()).toEqual(['NodeCreated /a']);
  });
});

describe('watches: who may know', () => {
  const secret: Acl[] = [{ perms: Perms.ALL, id: { scheme: 'ip', id: '10.0.0.1' } }];

  test('an event is kept from who may not read the node, and the watch is used up all the same', () => {
    watcher.errorOf(exists, { path: '/s', watch: true });
    writer.call(create, creation('/s', { acl: secret }));
    expect(heard()).toEqual([]);
    expect(harness.server.watches.size).toBe(0);
  });

  test("a list of children counts by the parent's ACL, a deletion by the ACL that the node had", () => {
    const friend = harness.connect({ remoteAddress: '10.0.0.1' });
    writer.call(create, creation('/s', { acl: secret }));
    watcher.call(exists, { path: '/s', watch: true });
    watcher.call(getChildren, { path: '/', watch: true });
    friend.call(exists, { path: '/s', watch: true });
    writer.call(deleteNode, { path: '/s', version: -1 });
    expect(heard()).toEqual(['NodeChildrenChanged /']);
    expect(friend.nextEvent().path).toBe('/s');
  });

  test('skipACL tells everybody', () => {
    harness = new ServerHarness({ skipACL: 'yes' });
    writer = harness.connect();
    watcher = harness.connect();
    watcher.errorOf(exists, { path: '/s', watch: true });
    writer.call(create, creation('/s', { acl: secret }));
    expect(heard()).toEqual(['NodeCreated /s']);
  });
});

describe('watches: setWatches', () => {
  test('tells what was missed before it answers, and watches the rest', () => {
    writer.call(create, creation('/same'));
    writer.call(create, creation('/changed'));
    writer.call(setData, { path: '/changed', data: null, version: -1 });
    const relativeZxid = toZxid(harness.server.database.lastProcessedZxid - 1n);
    watcher.send(
      setWatches2,
      {
        relativeZxid,
        dataWatches: ['/same', '/changed', '/gone'],
        existWatches: ['/same', '/absent'],
        childWatches: ['/same', '/gone'],
        persistentWatches: ['/p'],
        persistentRecursiveWatches: ['/r'],
      },
      SpecialXid.setWatches,
    );
    const reply = watcher.frames.pop();
    expect(reply && new DataView(reply.buffer).getInt32(0)).toBe(-8);
    expect(heard()).toEqual([
      'NodeDataChanged /changed',
      'NodeDeleted /gone',
      'NodeCreated /same',
      'NodeDeleted /gone',
    ]);
    for (const path of ['/absent', '/p', '/p/x', '/r', '/r/x', '/same/x'])
      writer.call(create, creation(path));
    writer.call(setData, { path: '/same', data: null, version: -1 });
    expect(heard()).toEqual([
      'NodeCreated /absent',
      'NodeCreated /p',
      'NodeChildrenChanged /p',
      'NodeCreated /r',
      'NodeCreated /r/x',
      'NodeChildrenChanged /same',
      'NodeDataChanged /same',
    ]);
  });

  test('a list of children that changed since is told', () => {
    watcher.send(
      setWatches,
      { relativeZxid: toZxid(0n), dataWatches: [], existWatches: [], childWatches: ['/'] },
      SpecialXid.setWatches,
    );
    expect(watcher.next().header.xid).toBe(-8);
    writer.call(create, creation('/a'));
    expect(heard()).toEqual(['NodeChildrenChanged /']);
  });
});
