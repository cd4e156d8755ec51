/** Rules about limits of a server that come near: connections, files, watches, sizes. Pure. */
import { HEALTH_LIMITS } from '../../../../shared/api/health.ts';
import { counter } from '../history/moment.ts';
import { PASSED, type Rule, leaderOf, outcomeOf, servingOf } from './rule.ts';

const connectionsNearLimit: Rule = {
  id: 'connections-near-limit',
  judge: (view) => {
    const serving = servingOf(view);
    if (serving.length === 0) return PASSED;
    const limited = serving.filter(({ connectionsPerClientMax }) => connectionsPerClientMax !== null);
    if (limited.length === 0) return { kind: 'unchecked', needs: 'conf' };
    if (
      limited.every(({ connectionsPerClientMax: max, busiestClient }) => max !== 0 && busiestClient === null)
    ) {
      return { kind: 'unchecked', needs: 'cons' };
    }
    return outcomeOf(
      limited.flatMap(({ server, busiestClient, connectionsPerClientMax: max }) => {
        const { address, connections } = busiestClient ?? { address: '', connections: 0 };
        if (max === null || max === 0 || connections < max * HEALTH_LIMITS.connectionsShare) return [];
        const facts = { address, connections, max };
        return [{ severity: 'warning', servers: [server], facts, metric: 'connections' } as const];
      }),
    );
  },
};

const openFilesNearLimit: Rule = {
  id: 'open-files-near-limit',
  judge: (view) => {
    const serving = servingOf(view);
    const telling = serving.filter(({ openFiles, maxFiles }) => openFiles !== null && maxFiles !== null);
    if (telling.length === 0 && serving.length > 0) return { kind: 'unchecked', needs: 'mntr' };
    return outcomeOf(
      telling.flatMap(({ server, openFiles, maxFiles }) => {
        const [open, max] = [openFiles ?? 0, maxFiles ?? 0];
        if (max <= 0 || open < max * HEALTH_LIMITS.openFilesShare) return [];
        return [
          { severity: 'warning', servers: [server], facts: { open, max }, metric: 'openFiles' } as const,
        ];
      }),
    );
  },
};

const watchesMany: Rule = {
  id: 'watches-many',
  judge: (view) => {
    const serving = servingOf(view);
    const telling = serving.filter(({ watchCount }) => watchCount !== null);
    if (telling.length === 0 && serving.length > 0) return { kind: 'unchecked', needs: 'mntr' };
    return outcomeOf(
      telling.flatMap(({ server, watchCount, watchPaths }) => {
        if ((watchCount ?? 0) < HEALTH_LIMITS.watches) return [];
        const facts = { watches: watchCount ?? 0, ...(watchPaths === null ? {} : { paths: watchPaths }) };
        return [{ severity: 'info', servers: [server], facts, metric: 'watches' } as const];
      }),
    );
  },
};

/** Only the leader tells how large a write was; a large znode that is only read shows nowhere. */
const bigZnodes: Rule = {
  id: 'big-znodes',
  judge: (view) => {
    const leader = leaderOf(view);
    const bytes = leader && counter(leader, 'max_proposal_size');
    if (leader === undefined || bytes === undefined) return { kind: 'unchecked', needs: 'leader' };
    return outcomeOf(
      bytes < HEALTH_LIMITS.znodeBytes
        ? []
        : [{ severity: 'info', servers: [leader.server], facts: { bytes } }],
    );
  },
};

/** No word tells `autopurge`; a folder that is far larger than its data does. */
const neverPurged: Rule = {
  id: 'never-purged',
  judge: (view) => {
    const serving = servingOf(view);
    const telling = serving.filter(({ conf }) => conf?.dataDirSize !== undefined);
    if (telling.length === 0 && serving.length > 0) return { kind: 'unchecked', needs: 'conf' };
    return outcomeOf(
      telling.flatMap(({ server, conf, dataSizeBytes }) => {
        const bytes = folderBytes(conf ?? {});
        const isLarge =
          bytes >= HEALTH_LIMITS.dataFolderBytes &&
          bytes >= (dataSizeBytes ?? 0) * HEALTH_LIMITS.dataFolderPerData;
        if (!isLarge) return [];
        const facts = {
          bytes,
          folder: conf?.dataDir ?? '',
          ...(dataSizeBytes === null ? {} : { dataBytes: dataSizeBytes }),
        };
        return [
          { severity: 'info', servers: [server], facts, configLine: 'autopurge.purgeInterval=24' } as const,
        ];
      }),
    );
  },
};

function folderBytes({ dataDir, dataLogDir, dataDirSize, dataLogSize }: Record<string, string>): number {
  const own = Number(dataDirSize ?? 0);
  return dataDir === dataLogDir ? own : own + Number(dataLogSize ?? 0);
}

export const LIMIT_RULES: readonly Rule[] = [
  connectionsNearLimit,
  openFilesNearLimit,
  watchesMany,
  bigZnodes,
  neverPurged,
];
