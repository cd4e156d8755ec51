/** A server that begins with what was read back from a disk: its sessions, its zxids, its orphans (PROTOCOL.md 6.5, 7.9). */
import { describe, expect, test } from 'vitest';

import { exists } from '../../../../shared/protocol/exists.ts';
import { create } from '../../../../shared/protocol/create.ts';
import { sessionPassword } from '../../../../shared/ids.ts';
import { toZxid } from '../../../../shared/zxid.ts';
import { TransactionMaker, creating, emptyDatabase } from '../../../support/transactions.ts';
import { ServerHarness, creation } from '../server-harness.ts';

const TIMEOUT_MS = 10_000;

function leftBehind(): { maker: TransactionMaker; sessionId: ReturnType<TransactionMaker['openSession']> } {
  const maker = new TransactionMaker();
  const sessionId = maker.openSession();
  maker.write(creating('/kept'), sessionId);
  maker.write(creating('/e', { mode: 'EPHEMERAL' }), sessionId);
  return { maker, sessionId };
}

describe('restart', () => {
  test('a session goes on with its id, its password and its ephemerals', () => {
    const { maker, sessionId } = leftBehind();
    const harness = new ServerHarness({}, maker.database);
    harness.step({ kind: 'started' });
    const client = harness.open();
    const password = sessionPassword(sessionId) as Uint8Array<ArrayBuffer>;
    expect(client.establish({ sessionId, password }).sessionId).toBe(sessionId);
    expect(client.call(exists, { path: '/e', watch: false }).ephemeralOwner).toBe(sessionId);
  });

  test('a session whose client stays away has its full timeout from the start on, and not more', () => {
    const { maker } = leftBehind();
    const harness = new ServerHarness({}, maker.database);
    harness.step({ kind: 'started' });
    harness.advance(TIMEOUT_MS - 100);
    expect(maker.database.tree.get('/e')).toBeDefined();
    harness.advance(2100);
    expect(maker.database.tree.get('/e')).toBeUndefined();
    expect(maker.database.sessionTimeoutsMs.size).toBe(0);
  });

  test('zxids go on where they ended', () => {
    const { maker } = leftBehind();
    const harness = new ServerHarness({}, maker.database);
    const client = harness.connect();
    client.send(create, creation('/new'));
    // One for the session, one for the node.
    expect(client.next().header.zxid).toBe(toZxid(maker.transactions.at(-1)!.entry.header.zxid + 2n));
  });

  test('ephemerals of a session that is not there are removed, by a transaction', () => {
    const { maker, sessionId } = leftBehind();
    const { database } = maker;
    const orphaned = emptyDatabase();
    for (const [path, { data, acl, stat }] of database.tree.entries()) {
      orphaned.tree.restore({ path, data, acl, stat });
    }
    orphaned.onRestored(database.lastProcessedZxid);
    expect(orphaned.orphanedOwners()).toEqual([sessionId]);
    const harness = new ServerHarness({}, orphaned);
    harness.step({ kind: 'started' });
    expect(harness.persisted).toHaveLength(1);
    expect(harness.logLines.join()).toMatch('left ephemerals');
    expect(orphaned.tree.get('/e')).toBeUndefined();
    expect(orphaned.tree.get('/kept')).toBeDefined();
    expect(orphaned.orphanedOwners()).toEqual([]);
  });
});
