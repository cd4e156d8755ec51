/** A tree with one of everything that a data folder can hold, and what a client sees of a whole tree. */
import type { ZooKeeperClient } from '../../electron/client/client.ts';
import { digestCredential, digestId } from '../../electron/client/digest.ts';
import { ANYONE, type Acl, Perms, READ_ACL_UNSAFE } from '../../shared/acl.ts';
import { joinPath } from '../../shared/path.ts';

const ALICE = { user: 'alice', password: 'wonderland' };
const TTL_MS = 3_600_000;

function bytes(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/**
 * Makes nodes of all kinds below `root`: ephemerals of `keeper`, which has to stay, and of a session that ends. Demands
 * extendedTypesEnabled.
 */
export async function growVariedTree(
  root: string,
  { keeper, passerBy }: { keeper: ZooKeeperClient; passerBy: ZooKeeperClient },
): Promise<void> {
  const at = (name: string): string => `${root}/${name}`;
  await keeper.create(root, { data: bytes('root of it') });
  await keeper.create(at('null'), {});
  await keeper.create(at('empty'), { data: new Uint8Array(0) });
  await keeper.create(at('节点-é'), { data: bytes('数据') });
  for (let count = 0; count < 4; count++) {
    await keeper.create(at('seq-'), { mode: 'PERSISTENT_SEQUENTIAL', data: bytes(String(count)) });
  }
  await keeper.create(at('ephemeral'), { mode: 'EPHEMERAL', data: bytes('mine') });
  await keeper.create(at('container'), { mode: 'CONTAINER' });
  await keeper.create(at('container/child'), {});
  await keeper.create(at('ttl'), { mode: 'PERSISTENT_WITH_TTL', ttlMs: TTL_MS, data: bytes('for an hour') });
  await keeper.create(at('changed'), { data: bytes('a') });
  for (const text of ['b', 'c', 'd'.repeat(3000)]) await keeper.setData(at('changed'), bytes(text));
  await growGuarded(at('guarded'), keeper);
  await growAndCut(at('parent'), keeper);
  await keeper.multi([
    { op: 'create', path: at('multi'), data: bytes('1') },
    { op: 'create', path: at('multi/child') },
    { op: 'setData', path: at('multi'), data: bytes('2') },
    { op: 'check', path: at('null'), version: 0 },
    { op: 'delete', path: at('multi/child') },
  ]);
  const failed = keeper.multi([
    { op: 'setData', path: at('multi'), data: bytes('never') },
    { op: 'delete', path: at('absent') },
  ]);
  await failed.catch(() => undefined);
  await keeper.delete(at('absent')).catch(() => undefined);
  await passerBy.create(at('gone'), { mode: 'EPHEMERAL' });
  await passerBy.close();
}

async function growGuarded(path: string, client: ZooKeeperClient): Promise<void> {
  const acl: readonly Acl[] = [
    { perms: Perms.ALL, id: digestId(ALICE) },
    { perms: Perms.READ, id: ANYONE },
  ];
  await client.create(path, { acl: READ_ACL_UNSAFE });
  await client.create(`${path}-too`, {});
  await client.addAuth(digestCredential(ALICE));
  await client.setAcl(`${path}-too`, acl);
  await client.create(`${path}-too/child`, { acl });
}

/** Children that come and go leave their traces in cversion and pzxid. */
async function growAndCut(path: string, client: ZooKeeperClient): Promise<void> {
  await client.create(path, {});
  for (const name of ['a', 'b', 'c']) await client.create(`${path}/${name}`, {});
  for (const name of ['a', 'c']) await client.delete(`${path}/${name}`);
  await client.create(`${path}/a`, { data: bytes('again') });
}

/** A node as JSON can hold it: data in hex, numbers of 64 bits as text. */
export interface SeenNode {
  readonly data: string | null;
  readonly acl: readonly Acl[];
  readonly stat: Readonly<Record<string, string | number>>;
}

export type SeenTree = Readonly<Record<string, SeenNode>>;

/** Every node by its path. Demands a client that may read all of them. */
export async function seeTree(client: ZooKeeperClient): Promise<SeenTree> {
  const tree: Record<string, SeenNode> = {};
  const paths = ['/'];
  for (let path = paths.pop(); path !== undefined; path = paths.pop()) {
    const [{ data, stat }, { acl }, { children }] = await Promise.all([
      client.getData(path),
      client.getAcl(path),
      client.getChildren(path),
    ]);
    tree[path] = seeNode({ data, acl, stat });
    for (const name of children) paths.push(joinPath(path, name));
  }
  return tree;
}

export function seeNode({
  data,
  acl,
  stat,
}: {
  data: Uint8Array | null;
  acl: readonly Acl[];
  stat: object;
}): SeenNode {
  const entries = Object.entries(stat).map(([key, value]) => [
    key,
    typeof value === 'bigint' ? String(value) : Number(value),
  ]);
  return {
    data: data === null ? null : Buffer.from(data).toString('hex'),
    acl: acl.map(({ perms, id }) => ({ perms, id: { scheme: id.scheme, id: id.id } })),
    stat: Object.fromEntries(entries) as Record<string, string | number>,
  };
}
