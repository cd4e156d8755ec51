/** Reading and writing znodes of open connections. Every write goes through the connection's guard. */
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { AclDto, StatDto } from '../../../shared/api/common.ts';
import type { ChildrenPiece, QuotaDto, ZnodeDto, ZnodeSummary } from '../../../shared/api/znodes.ts';
import { KeeperError } from '../../../shared/errors.ts';
import { type CreateMode, hasTtl } from '../../../shared/protocol/create-mode.ts';
import type { Stat } from '../../../shared/protocol/stat.ts';
import { digestId } from '../../client/digest.ts';
import type { ConnectionsService } from '../connections/connections-service.ts';
import type { OpenConnection } from '../connections/open-connection.ts';
import { fromAclDtos, toAclDtos, toStatDto } from '../dto.ts';
import { sessionIdToHex } from '../../../shared/ids.ts';
import { sortChildren } from './child-order.ts';
import { countSubtree } from './count-subtree.ts';
import { CreatedModes } from './created-modes.ts';
import { explainWriteFailure } from './large-writes.ts';
import { limitsPath, statsPath, toQuotaDto } from './quota.ts';
import { QuotaIndex } from './quota-index.ts';
import type { SeenStats } from './seen-stats.ts';

const NAMES_PER_PIECE = 5_000;

export interface At {
  readonly connectionId: string;
  readonly path: string;
}

export interface CreateRequest extends At {
  readonly data: Uint8Array | null;
  readonly acl: readonly AclDto[];
  readonly mode: CreateMode;
  readonly ttlMs?: number | undefined;
}

export interface RemovedZnode {
  readonly data: Uint8Array | null;
  readonly acl: AclDto[];
  readonly stat: StatDto;
}

export class ZnodesService {
  readonly #connections: ConnectionsService;
  readonly #quotas = new WeakMap<OpenConnection, QuotaIndex>();
  readonly #created = new CreatedModes();
  readonly #seen: SeenStats;

  constructor({ connections, seen }: { connections: ConnectionsService; seen: SeenStats }) {
    this.#connections = connections;
    this.#seen = seen;
    connections.onSession(({ connection }) => this.#quotas.delete(connection));
  }

  async get({ connectionId, path }: At): Promise<ZnodeDto> {
    const { data, stat } = await this.#connections.get(connectionId).reader.getData(path);
    this.#seen.remember({ connectionId, path, stat, way: 'data' });
    return { path, data, stat: toStatDto(stat) };
  }

  /** Sorted; in pieces, with a turn of the event loop between them. */
  async *children({ connectionId, path }: At): AsyncGenerator<ChildrenPiece, void> {
    const { children, stat } = await this.#connections.get(connectionId).reader.getChildren(path);
    this.#seen.remember({ connectionId, path, stat, way: 'children' });
    const names = sortChildren(children);
    const total = names.length;
    yield { stat: toStatDto(stat), total, names: names.slice(0, NAMES_PER_PIECE) };
    for (let at = NAMES_PER_PIECE; at < total; at += NAMES_PER_PIECE) {
      await nextTurn();
      yield { total, names: names.slice(at, at + NAMES_PER_PIECE) };
    }
  }

  /** In the order of `paths`; the requests travel together. */
  async summaries({
    connectionId,
    paths,
  }: {
    connectionId: string;
    paths: readonly string[];
  }): Promise<ZnodeSummary[]> {
    const connection = this.#connections.get(connectionId);
    const quotas = this.#quotasOf(connection).paths();
    return Promise.all(paths.map((path) => this.#summary(connection, path, quotas)));
  }

  async create({
    connectionId,
    path,
    data,
    acl,
    mode,
    ttlMs,
  }: CreateRequest): Promise<{ path: string; stat: StatDto }> {
    const writer = this.#connections.get(connectionId).writer();
    const created = await explained({ path, bytes: data?.length ?? 0 }, () =>
      writer.create(path, {
        data,
        acl: fromAclDtos(acl),
        mode,
        ...(hasTtl(mode) && ttlMs !== undefined ? { ttlMs } : {}),
      }),
    );
    this.#created.remember({ connectionId, path: created.path, mode, czxid: created.stat.czxid });
    return { path: created.path, stat: toStatDto(created.stat) };
  }

  async setData(request: At & { data: Uint8Array | null; version: number }): Promise<StatDto> {
    const { connectionId, path, data, version } = request;
    const writer = this.#connections.get(connectionId).writer();
    const stat = await explained({ path, bytes: data?.length ?? 0 }, () =>
      writer.setData(path, data, { version }),
    );
    return toStatDto(stat);
  }

  async getAcl({ connectionId, path }: At): Promise<{ acl: AclDto[]; stat: StatDto }> {
    const { acl, stat } = await this.#connections.get(connectionId).reader.getAcl(path);
    return { acl: toAclDtos(acl), stat: toStatDto(stat) };
  }

  async setAcl(request: At & { acl: readonly AclDto[]; aversion: number }): Promise<StatDto> {
    const { connectionId, path, acl, aversion } = request;
    const writer = this.#connections.get(connectionId).writer();
    const stat = await explained({ path, bytes: 0 }, () =>
      writer.setAcl(path, fromAclDtos(acl), { version: aversion }),
    );
    return toStatDto(stat);
  }

  /**
   * Deletes one node, and returns what it was just before. A node may be deletable though not readable (DELETE is the
   * parent's to give): then there is no data, and an empty ACL, to return.
   */
  async remove({ connectionId, path, version }: At & { version: number }): Promise<RemovedZnode> {
    const connection = this.#connections.get(connectionId);
    connection.guard.requireOpen();
    const before = await readForRemoval(connection, path);
    await connection.writer().delete(path, { version });
    return before;
  }

  async countSubtree({ connectionId, path }: At): Promise<{ nodes: number }> {
    const connection = this.#connections.get(connectionId);
    return { nodes: await countSubtree(connection.reader, { path, chroot: connection.chroot }) };
  }

  async quota({ connectionId, path }: At): Promise<QuotaDto | null> {
    const { reader, chroot } = this.#connections.get(connectionId);
    if (chroot !== '') return null;
    const [limits, stats] = await Promise.all([
      orNull(reader.getData(limitsPath(path))),
      orNull(reader.getData(statsPath(path))),
    ]);
    if (limits === null) return null;
    return toQuotaDto(textOf(limits.data), stats === null ? undefined : textOf(stats.data));
  }

  digest({ user, password }: { user: string; password: string }): { id: string } {
    return { id: digestId({ user, password }).id };
  }

  #quotasOf(connection: OpenConnection): QuotaIndex {
    let index = this.#quotas.get(connection);
    if (index === undefined) this.#quotas.set(connection, (index = new QuotaIndex(connection.reader)));
    return index;
  }

  async #summary(
    connection: OpenConnection,
    path: string,
    quotas: Promise<ReadonlySet<string>>,
  ): Promise<ZnodeSummary> {
    try {
      const stat = await connection.reader.exists(path);
      if (stat === null) return { kind: 'gone', path };
      this.#seen.remember({ connectionId: connection.connectionId, path, stat, way: 'summary' });
      const mode = this.#created.modeOf({ connectionId: connection.connectionId, path, czxid: stat.czxid });
      return toSummary(stat, {
        path,
        hasQuota: (await quotas).has(path),
        ...(mode === undefined ? {} : { createdAs: mode }),
      });
    } catch (error) {
      if (error instanceof KeeperError && error.code === 'NOAUTH') return { kind: 'denied', path };
      throw error;
    }
  }
}

function toSummary(
  stat: Stat,
  known: { readonly path: string; readonly hasQuota: boolean; readonly createdAs?: CreateMode },
): ZnodeSummary {
  return {
    kind: 'node',
    ...known,
    numChildren: stat.numChildren,
    dataLength: stat.dataLength,
    version: stat.version,
    ephemeralOwner: sessionIdToHex(stat.ephemeralOwner),
  };
}

async function readForRemoval({ reader }: OpenConnection, path: string): Promise<RemovedZnode> {
  const [data, acl, stat] = await Promise.all([
    unlessDenied(reader.getData(path)),
    unlessDenied(reader.getAcl(path)),
    reader.exists(path),
  ]);
  if (stat === null) throw new KeeperError('NONODE', { path });
  return { data: data?.data ?? null, acl: toAclDtos(acl?.acl ?? []), stat: toStatDto(data?.stat ?? stat) };
}

async function unlessDenied<T>(reading: Promise<T>): Promise<T | undefined> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof KeeperError && error.code === 'NOAUTH') return undefined;
    throw error;
  }
}

async function orNull<T>(reading: Promise<T>): Promise<T | null> {
  try {
    return await reading;
  } catch (error) {
    if (error instanceof KeeperError && error.code === 'NONODE') return null;
    throw error;
  }
}

async function explained<T>(write: { path: string; bytes: number }, send: () => Promise<T>): Promise<T> {
  try {
    return await send();
  } catch (error) {
    throw explainWriteFailure(error, write);
  }
}

function textOf(data: Uint8Array | null): string {
  return data === null ? '' : new TextDecoder().decode(data);
}
