/** Rules about how servers are set up: what should be the same on all of them, and what they should tell. Pure. */
import type { ServerDto } from '../../../../shared/api/cluster.ts';
import { HEALTH_LIMITS } from '../../../../shared/api/health.ts';
import { type Found, PASSED, type Rule, outcomeOf, servingOf } from './rule.ts';

const WHITELIST_KEY = '4lw.commands.whitelist=';
/** What Cluster, Sessions and Diagnose ask between them. */
const WORDS = ['conf', 'cons', 'dump', 'mntr', 'srvr', 'wchs'];

const versionsMixed: Rule = {
  id: 'versions-mixed',
  judge: (view) => {
    const known = servingOf(view).filter(({ version }) => version !== null);
    const versions = [...new Set(known.map(({ version }) => version ?? ''))].sort();
    if (versions.length < 2) return PASSED;
    return outcomeOf([{ severity: 'info', servers: [], facts: { versions: versions.join(', ') } }]);
  },
};

/** Limits that clients and peers meet, which differ by mistake only. Where a server listens and keeps its files is its own. */
const COMPARED = [
  'tickTime',
  'initLimit',
  'syncLimit',
  'maxClientCnxns',
  'minSessionTimeout',
  'maxSessionTimeout',
] as const;

const configDiffers: Rule = {
  id: 'config-differs',
  judge: (view) => {
    const serving = servingOf(view);
    if (serving.length < 2) return PASSED;
    const telling = serving.filter(({ conf }) => conf !== null);
    if (telling.length < 2) return { kind: 'unchecked', needs: 'conf' };
    return outcomeOf([...COMPARED.flatMap((key) => differing(telling, key)), ...differingMembers(telling)]);
  },
};

function differing(servers: readonly ServerDto[], key: (typeof COMPARED)[number]): Found[] {
  const values = servers.flatMap(({ server, conf }) => {
    const value = conf?.[key];
    return value === undefined ? [] : [{ server, value }];
  });
  if (new Set(values.map(({ value }) => value)).size < 2) return [];
  const text = values.map(({ server, value }) => `${server} ${value}`).join(', ');
  return [{ severity: 'warning', servers: [], facts: { key, values: text } }];
}

/** Addresses may be private to a server; who belongs to the ensemble may not. */
function differingMembers(servers: readonly ServerDto[]): Found[] {
  const members = servers.flatMap(({ server, conf }) => {
    const sids = Object.keys(conf ?? {}).flatMap((key) => /^server\.(\d+)$/.exec(key)?.[1] ?? []);
    return sids.length === 0 ? [] : [{ server, value: sids.sort((a, b) => Number(a) - Number(b)).join('+') }];
  });
  if (new Set(members.map(({ value }) => value)).size < 2) return [];
  const text = members.map(({ server, value }) => `${server} ${value}`).join(', ');
  return [{ severity: 'warning', servers: [], facts: { key: 'server.N', values: text } }];
}

/** The Date of an AdminServer is cut to a second, so a difference of one proves nothing. */
const clocksDiffer: Rule = {
  id: 'clocks-differ',
  judge: (view) => {
    const serving = servingOf(view);
    if (serving.length < 2) return PASSED;
    const known = serving.flatMap(({ server, clockAheadMs }) =>
      clockAheadMs === null ? [] : [{ server, clockAheadMs }],
    );
    if (known.length < 2) return { kind: 'unchecked', needs: 'admin', configLine: 'admin.enableServer=true' };
    const sorted = known.toSorted((a, b) => a.clockAheadMs - b.clockAheadMs);
    const [first, last] = [sorted[0], sorted.at(-1)];
    const spreadMs = (last?.clockAheadMs ?? 0) - (first?.clockAheadMs ?? 0);
    if (spreadMs <= HEALTH_LIMITS.clockSkewMs) return PASSED;
    const facts = { spreadMs, ahead: last?.server ?? '', behind: first?.server ?? '' };
    return outcomeOf([{ severity: 'warning', servers: [], facts }]);
  },
};

const wordsHidden: Rule = {
  id: 'words-hidden',
  judge: ({ servers }) => {
    const byLine = new Map<string, { servers: string[]; words: Set<string> }>();
    for (const { server, hidden } of servers) {
      const missing = hidden.filter(({ reason }) => reason === 'whitelist');
      if (missing.length === 0) continue;
      const line = lineFor(missing.flatMap(({ configLine = '' }) => wordsOf(configLine)));
      const group = byLine.get(line) ?? { servers: [], words: new Set() };
      group.servers.push(server);
      for (const { word } of missing) group.words.add(word);
      byLine.set(line, group);
    }
    return outcomeOf(
      [...byLine].map(([configLine, { servers: hiding, words }]) => ({
        // Without mntr most of this view is blind.
        severity: words.has('mntr') ? 'warning' : 'info',
        servers: hiding,
        facts: { words: [...words].sort().join(', ') },
        configLine,
      })),
    );
  },
};

function wordsOf(configLine: string): string[] {
  return configLine
    .slice(WHITELIST_KEY.length)
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');
}

/** With all that the server allows already. */
function lineFor(allowed: readonly string[]): string {
  return `${WHITELIST_KEY}${[...new Set([...allowed, ...WORDS])].sort().join(',')}`;
}

export const SETUP_RULES: readonly Rule[] = [versionsMixed, configDiffers, clocksDiffer, wordsHidden];
