/** Access control: schemes, permissions by operation, masked digests, the super user (PROTOCOL.md 2.16, 7.6). */
import { expect, test } from 'vitest';
import type { ZooKeeperClient } from '../../electron/client/client.ts';
import { digestCredential, digestId } from '../../electron/client/digest.ts';
import { ANYONE, type Acl, CREATOR_ALL_ACL, OPEN_ACL_UNSAFE, Perms } from '../../shared/acl.ts';
import { waitFor } from '../support/wait.ts';
import { BENCH_CONFIG, bytes, conformance, eventLog, expectCode, throughReconnect } from './bench.ts';

const ALICE = { user: 'alice', password: 'wonder:land' };
const BOB = { user: 'bob', password: 'builder' };
const SUPER = { user: 'super', password: 'secret' };

const CONFIG = {
  ...BENCH_CONFIG,
  'DigestAuthenticationProvider.superDigest': digestId(SUPER).id,
};

function world(perms: number): Acl {
  return { perms, id: ANYONE };
}

const ALICE_ALL: Acl = { perms: Perms.ALL, id: digestId(ALICE) };

conformance('acl', CONFIG, (bench) => {
  /** A node with a child, its ACL set by Alice, who may do everything. */
  async function guarded(
    acl: readonly Acl[],
  ): Promise<{ alice: ZooKeeperClient; anybody: ZooKeeperClient; path: string }> {
    const alice = await bench.connect({ credentials: [digestCredential(ALICE)] });
    const path = await bench.freshNode(alice, bytes('data'));
    await alice.create(`${path}/child`);
    await alice.setAcl(path, [ALICE_ALL, ...acl]);
    return { alice, anybody: await bench.connect(), path };
  }

  /** Which operations a stranger may do on a node with this ACL, by name. */
  async function allowed(acl: readonly Acl[]): Promise<string[]> {
    const { anybody, path } = await guarded(acl);
    const attempts: Record<string, () => Promise<unknown>> = {
      getData: () => anybody.getData(path),
      getChildren: () => anybody.getChildren(path),
      getAllChildrenNumber: () => anybody.getAllChildrenNumber(path),
      getAcl: () => anybody.getAcl(path),
      check: () => anybody.multi([{ op: 'check', path }]),
      setData: () => anybody.setData(path, null),
      create: () => anybody.create(`${path}/new`),
      delete: () => anybody.delete(`${path}/child`),
      exists: () => anybody.exists(path),
      sync: () => anybody.sync(path),
      setAcl: () => anybody.setAcl(path, OPEN_ACL_UNSAFE),
    };
    const names: string[] = [];
    for (const [name, attempt] of Object.entries(attempts)) {
      const outcome = await attempt().then(
        () => 'allowed',
        (error: unknown) => error,
      );
      if (outcome === 'allowed') names.push(name);
      else expect(outcome).toMatchObject({ code: 'NOAUTH' });
    }
    return names;
  }

  test.each([
    ['nothing', 0, []],
    ['READ', Perms.READ, ['getData', 'getChildren', 'getAllChildrenNumber', 'getAcl', 'check']],
    ['WRITE', Perms.WRITE, ['setData']],
    ['CREATE', Perms.CREATE, ['create']],
    ['DELETE', Perms.DELETE, ['delete']],
    ['ADMIN', Perms.ADMIN, ['getAcl', 'setAcl']],
  ])('a stranger with %s may do just that', async (_name, perms, expected) => {
    const acl = perms === 0 ? [] : [world(perms)];
    expect((await allowed(acl)).sort()).toEqual([...expected, 'exists', 'sync'].sort());
  });

  test('the owner of all permissions may do everything', async () => {
    const { alice, path } = await guarded([]);
    await alice.getData(path);
    await alice.setData(path, null);
    await alice.create(`${path}/new`);
    await alice.delete(`${path}/new`);
    await alice.setAcl(path, OPEN_ACL_UNSAFE);
  });

  test('deleting needs DELETE on the parent, nothing on the node', async () => {
    const { alice, anybody, path } = await guarded([world(Perms.DELETE)]);
    await alice.setAcl(`${path}/child`, [ALICE_ALL]);
    await anybody.delete(`${path}/child`);
  });

  test('children do not inherit', async () => {
    const { anybody, path } = await guarded([]);
    await anybody.setData(`${path}/child`, bytes('open'));
  });

  test('permissions of several entries add up', async () => {
    const { anybody, path } = await guarded([world(Perms.READ), { perms: Perms.WRITE, id: ANYONE }]);
    await anybody.getData(path);
    await anybody.setData(path, null);
  });

  test('the default is open to the world', async () => {
    const client = await bench.connect();
    const { acl, stat } = await client.getAcl(await bench.freshNode(client));
    expect(acl).toEqual(OPEN_ACL_UNSAFE);
    expect(stat.aversion).toBe(0);
  });

  test('getAcl: a missing node is NONODE', async () => {
    const client = await bench.connect();
    await expectCode(client.getAcl(bench.freshPath()), 'NONODE');
  });

  test('getAcl: digests are masked for those without ADMIN', async () => {
    const { alice, anybody, path } = await guarded([world(Perms.READ)]);
    expect((await alice.getAcl(path)).acl).toEqual([ALICE_ALL, world(Perms.READ)]);
    const masked = { perms: Perms.ALL, id: { scheme: 'digest', id: 'alice:x' } };
    expect((await anybody.getAcl(path)).acl).toEqual([masked, world(Perms.READ)]);
  });

  test('setAcl: compares with aversion, not version', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.setData(path, null);
    await expectCode(client.setAcl(path, OPEN_ACL_UNSAFE, { version: 1 }), 'BADVERSION');
    expect((await client.setAcl(path, OPEN_ACL_UNSAFE, { version: 0 })).aversion).toBe(1);
  });

  test('setAcl: a missing node is NONODE', async () => {
    const client = await bench.connect();
    await expectCode(client.setAcl(bench.freshPath(), OPEN_ACL_UNSAFE), 'NONODE');
  });

  test.each([
    ['an empty list', []],
    ['an unknown scheme', [{ perms: 31, id: { scheme: 'nope', id: 'x' } }]],
    ['somebody else of the world', [{ perms: 31, id: { scheme: 'world', id: 'nobody' } }]],
    ['a digest without a colon', [{ perms: 31, id: { scheme: 'digest', id: 'alice' } }]],
    ['a digest with two colons', [{ perms: 31, id: { scheme: 'digest', id: 'a:b:c' } }]],
    ['an ip that is none', [{ perms: 31, id: { scheme: 'ip', id: '300.1.1.1' } }]],
    ['an ip with too many bits', [{ perms: 31, id: { scheme: 'ip', id: '10.0.0.0/33' } }]],
    ['auth without an identity', CREATOR_ALL_ACL],
    ['one bad entry among good ones', [...OPEN_ACL_UNSAFE, { perms: 1, id: { scheme: 'nope', id: '' } }]],
  ])('an invalid ACL: %s is INVALIDACL', async (_what, acl) => {
    const client = await bench.connect();
    await expectCode(client.create(bench.freshPath(), { acl }), 'INVALIDACL');
    await expectCode(client.setAcl(await bench.freshNode(client), acl), 'INVALIDACL');
  });

  test('auth: becomes every identity of the creator', async () => {
    const client = await bench.connect({ credentials: [digestCredential(ALICE), digestCredential(BOB)] });
    const path = bench.freshPath();
    await client.create(path, { acl: CREATOR_ALL_ACL });
    const ids = (await client.getAcl(path)).acl.map(({ id }) => id.id);
    expect([...ids].sort()).toEqual([digestId(ALICE).id, digestId(BOB).id].sort());
  });

  test('auth: keeps its permissions', async () => {
    const client = await bench.connect({ credentials: [digestCredential(ALICE)] });
    const path = bench.freshPath();
    await client.create(path, { acl: [{ perms: Perms.READ | Perms.ADMIN, id: { scheme: 'auth', id: '' } }] });
    expect((await client.getAcl(path)).acl).toEqual([
      { perms: Perms.READ | Perms.ADMIN, id: digestId(ALICE) },
    ]);
    await expectCode(client.setData(path, null), 'NOAUTH');
  });

  test('duplicates are dropped', async () => {
    const client = await bench.connect();
    const path = await bench.freshNode(client);
    await client.setAcl(path, [world(31), world(31), world(1)]);
    expect((await client.getAcl(path)).acl).toEqual([world(31), world(1)]);
  });

  test('digest: another user, or another password, is a stranger', async () => {
    const { path } = await guarded([]);
    const bob = await bench.connect({ credentials: [digestCredential(BOB)] });
    const wrong = await bench.connect({ credentials: [digestCredential({ ...ALICE, password: 'guess' })] });
    await expectCode(bob.getData(path), 'NOAUTH');
    await expectCode(wrong.getData(path), 'NOAUTH');
  });

  test('digest: identities add up on one connection', async () => {
    const { path } = await guarded([]);
    const client = await bench.connect({ credentials: [digestCredential(BOB)] });
    await expectCode(client.getData(path), 'NOAUTH');
    await client.addAuth(digestCredential(ALICE));
    await client.getData(path);
  });

  test('digest: identities are proved again after a reconnect', async () => {
    const { path } = await guarded([]);
    const proxy = await bench.proxy();
    const client = await bench.connect({ connectString: proxy.connectString });
    await client.addAuth(digestCredential(ALICE));
    await throughReconnect(client, () => {
      proxy.cut();
    });
    await client.getData(path);
    expect(client.facts.authenticated).toEqual([{ scheme: 'digest', user: 'alice' }]);
  });

  test('whoAmI: the address, and users without their hashes', async () => {
    const client = await bench.connect({ credentials: [digestCredential(ALICE)] });
    const ids = (await client.whoAmI()).map(({ authScheme, user }) => `${authScheme} ${user}`);
    expect([...ids].sort()).toEqual(['digest alice', 'ip 127.0.0.1']);
  });

  test.each([
    ['the address', '127.0.0.1', true],
    ['the network', '127.0.0.0/8', true],
    ['every address', '0.0.0.0/0', true],
    ['another address', '127.0.0.2', false],
    ['another network', '10.0.0.0/8', false],
    ['a narrow network', '127.0.0.128/25', false],
  ])('ip: %s', async (_what, id, isAllowed) => {
    const { anybody, path } = await guarded([{ perms: Perms.READ, id: { scheme: 'ip', id } }]);
    if (isAllowed) await anybody.getData(path);
    else await expectCode(anybody.getData(path), 'NOAUTH');
  });

  test('super: passes every ACL', async () => {
    const { path } = await guarded([]);
    const root = await bench.connect({ credentials: [digestCredential(SUPER)] });
    await root.getData(path);
    await root.setData(path, null);
    await root.delete(`${path}/child`);
    await root.setAcl(path, OPEN_ACL_UNSAFE);
    const ids = (await root.whoAmI()).map(({ authScheme }) => authScheme);
    expect([...ids].sort()).toEqual(['digest', 'ip', 'super']);
  });

  test('super: a wrong password is a user like any other', async () => {
    const { path } = await guarded([]);
    const guess = await bench.connect({ credentials: [digestCredential({ ...SUPER, password: 'guess' })] });
    await expectCode(guess.getData(path), 'NOAUTH');
  });

  test('an unknown scheme is AUTHFAILED and ends the session', async () => {
    const client = await bench.connect();
    await expectCode(client.addAuth({ scheme: 'nope', auth: bytes('x') }), 'AUTHFAILED');
    expect(client.facts.state).toBe('authFailed');
    await expectCode(client.getData('/'), 'AUTHFAILED');
  });

  test('an unknown scheme among the credentials fails the connect', async () => {
    const client = bench.makeClient({ credentials: [{ scheme: 'nope', auth: bytes('x') }] });
    const states: string[] = [];
    client.onState(({ state }) => states.push(state));
    await client.connect().catch(() => undefined);
    await waitFor('the refusal arrives', () => states.includes('authFailed'));
  });

  test('a multi with one forbidden part changes nothing', async () => {
    const { anybody, path } = await guarded([world(Perms.CREATE)]);
    const multi = anybody.multi([
      { op: 'create', path: `${path}/new` },
      { op: 'setData', path, data: null },
    ]);
    await expectCode(multi, 'NOAUTH');
    expect(await anybody.exists(`${path}/new`)).toBeNull();
  });

  test('multiRead: a forbidden part fails alone', async () => {
    const { anybody, path } = await guarded([]);
    const results = await anybody.multiRead([
      { op: 'getData', path },
      { op: 'getData', path: `${path}/child` },
    ]);
    expect(results).toMatchObject([{ op: 'error', error: { code: 'NOAUTH' } }, { op: 'getData' }]);
  });

  test('a forbidden read leaves no watch', async () => {
    const { alice, anybody, path } = await guarded([]);
    const log = eventLog();
    await expectCode(anybody.getData(path, { watch: log.listener }), 'NOAUTH');
    await alice.setData(path, bytes('new'));
    await anybody.sync(path);
    expect(log.events).toEqual([]);
  });

  test('events are for those who may read the node', async () => {
    const { alice, anybody, path } = await guarded([world(Perms.READ)]);
    const seen = eventLog();
    const hidden = eventLog();
    await alice.getData(path, { watch: seen.listener });
    await anybody.getData(path, { watch: hidden.listener });
    await alice.setAcl(path, [ALICE_ALL]);
    await alice.setData(path, bytes('secret'));
    await seen.reach(1);
    await anybody.sync(path);
    expect(hidden.events).toEqual([]);
  });
});
