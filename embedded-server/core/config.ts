/**
 * The options of a server under the names that Apache's zoo.cfg and system properties give them (PROTOCOL.md 6.7, 2.19).
 * What this server does not support is refused by name instead of being ignored. A new option is one line in OPTIONS.
 */
import { JUTE_MAXBUFFER_DEFAULT } from '../../shared/jute/frame-decoder.ts';
import { ZXID_COUNTER_MAX } from '../../shared/zxid.ts';
import { closestNames } from './closest-names.ts';
import type { ContainerOptions } from './container-reaper.ts';

export interface ServerConfig extends ContainerOptions {
  readonly tickTimeMs: number;
  /** -1: twice the tick time. */
  readonly minSessionTimeoutMs: number;
  /** -1: twenty times the tick time. */
  readonly maxSessionTimeoutMs: number;
  readonly clientPort: number;
  readonly clientPortAddress: string;
  /** -1: what the operating system does by itself. */
  readonly clientPortListenBacklog: number;
  /** Connections of one address, 0 for no limit. */
  readonly maxClientCnxns: number;
  /** Connections altogether, 0 for no limit. */
  readonly maxCnxns: number;
  readonly frameBytesMax: number;
  readonly outstandingMax: number;
  readonly extendedTypesEnabled: boolean;
  readonly enforceQuota: boolean;
  readonly skipAcl: boolean;
  readonly digestEnabled: boolean;
  /** `super:base64(sha1("super:password"))`, or undefined for no super user. */
  readonly superDigest: string | undefined;
  /** The four-letter words that are answered; `*` stands for all. */
  readonly fourLetterWords: readonly string[];
  readonly adminEnabled: boolean;
  readonly adminAddress: string;
  readonly adminPort: number;
  /** Where its commands are. */
  readonly adminCommandUrl: string;
  /** How long a connection may stay without a session. */
  readonly sessionlessTimeoutMs: number;
  /** Where snapshots are kept, and the log unless `dataLogDir` says otherwise; undefined keeps everything in memory. */
  readonly dataDir: string | undefined;
  readonly dataLogDir: string | undefined;
  readonly forceSync: true;
  /** By how much a log grows at a time. */
  readonly preAllocKib: number;
  /** A snapshot is due after half of so many transactions at least, and so many at most. */
  readonly snapCount: number;
  /** As {@link snapCount}, by the size of the log; 0 for no limit. */
  readonly snapSizeLimitKib: number;
  /** A log file that is larger is continued in a new one; 0 for no limit. */
  readonly txnLogSizeLimitKib: number;
  readonly snapRetainCount: number;
  /** How often old files are removed; 0 for never. */
  readonly purgeIntervalHours: number;
  /** Whether a log without a snapshot is taken for the whole history. */
  readonly trustEmptySnapshot: boolean;
  /** An fsync that takes longer is worth a warning. */
  readonly fsyncWarningMs: number;
  /** Ticks that a server has to connect to its leader and to catch up; 0 when it is not given. */
  readonly initLimitTicks: number;
  /** Ticks that a server may lag behind its leader; 0 when it is not given. */
  readonly syncLimitTicks: number;
  readonly electionAlgorithm: 3;
  readonly peerType: 'participant' | 'observer';
  /** Whether an ensemble of one participant runs without an ensemble. */
  readonly standaloneEnabled: boolean;
  /** Whether clients may change who is in the ensemble. */
  readonly reconfigEnabled: boolean;
  /** For tests of what happens when an epoch's zxids are used up, which takes months otherwise. */
  readonly txnsPerEpochMax: number;
  /** Whether a server that finds no leader lets clients read that accept that. */
  readonly readOnlyModeEnabled: boolean;
  /** The lines `server.N`, `group.N` and `weight.N` as they are: see ensemble-config.ts. */
  readonly ensembleLines: readonly (readonly [key: string, value: string])[];
  /**
   * Where this server alone dials another, by sid, in place of the address that all know it by. It is no key of Apache's:
   * with it, everything between two servers can be led through something that cuts or delays it.
   */
  readonly dialRoutes: Readonly<Record<string, string>>;
  /** Everything that was given, as zoo.cfg has it. */
  readonly givenText: string;
}

/** What somebody wrote is no usable configuration; `message` says which key and what to do. */
export class ConfigError extends Error {
  override readonly name = 'ConfigError';
}

type Parse<T> = (key: string, text: string) => T;

interface Option<K extends keyof ServerConfig> {
  readonly field: K;
  readonly parse: Parse<ServerConfig[K]>;
}

const DIAL_LINE = /^zabra\.dial\.(\d+)$/;
const ENSEMBLE_LINE = /^(server|group|weight)\.\d+$/;
const INT_MAX = 0x7fff_ffff;

function integer(min: number, max = INT_MAX): Parse<number> {
  return (key, text) => {
    const value = /^-?\d{1,10}$/.test(text) ? Number(text) : NaN;
    if (!(value >= min && value <= max)) {
      throw new ConfigError(`${key}=${text}: must be a whole number from ${min} to ${max}`);
    }
    return value;
  };
}

function oneOf<T>(words: Readonly<Record<string, T>>): Parse<T> {
  return (key, text) => {
    const value = words[text.toLowerCase()];
    if (value === undefined) {
      throw new ConfigError(`${key}=${text}: must be ${Object.keys(words).join(' or ')}`);
    }
    return value;
  };
}

const boolean = oneOf({ true: true, false: false });
const yesOrNo = oneOf({ yes: true, no: false });
const text: Parse<string> = (_, value) => value;

/** Differs: Apache lets a server acknowledge what is not on disk. This one has dataDir, or openly keeps nothing. */
const forceSync: Parse<true> = (key, value) => {
  if (value.toLowerCase() === 'yes') return true;
  throw new ConfigError(
    `${key}=${value}: every acknowledged write is on disk, so it must be yes; leave dataDir out to keep data in memory only`,
  );
};

const electionAlgorithm: Parse<3> = (key, value) => {
  if (value === '3') return 3;
  throw new ConfigError(`${key}=${value}: must be 3, the only one that is left in ZooKeeper 3.8`);
};

const words: Parse<readonly string[]> = (_, value) =>
  value
    .split(',')
    .map((word) => word.trim())
    .filter((word) => word !== '');

function option<K extends keyof ServerConfig>(field: K, parse: Parse<ServerConfig[K]>): Option<K> {
  return { field, parse };
}

/** Every key that is supported, spelt as in Apache's documentation, without the `zookeeper.` of properties. */
const OPTIONS: Readonly<Record<string, Option<keyof ServerConfig>>> = {
  tickTime: option('tickTimeMs', integer(1)),
  minSessionTimeout: option('minSessionTimeoutMs', integer(-1)),
  maxSessionTimeout: option('maxSessionTimeoutMs', integer(-1)),
  clientPort: option('clientPort', integer(1, 65535)),
  clientPortAddress: option('clientPortAddress', text),
  clientPortListenBacklog: option('clientPortListenBacklog', integer(-1)),
  maxClientCnxns: option('maxClientCnxns', integer(0)),
  maxCnxns: option('maxCnxns', integer(0)),
  'jute.maxbuffer': option('frameBytesMax', integer(64)),
  globalOutstandingLimit: option('outstandingMax', integer(1)),
  extendedTypesEnabled: option('extendedTypesEnabled', boolean),
  enforceQuota: option('enforceQuota', boolean),
  skipACL: option('skipAcl', yesOrNo),
  'digest.enabled': option('digestEnabled', boolean),
  'DigestAuthenticationProvider.superDigest': option('superDigest', text),
  '4lw.commands.whitelist': option('fourLetterWords', words),
  'admin.enableServer': option('adminEnabled', boolean),
  'admin.serverAddress': option('adminAddress', text),
  'admin.commandURL': option('adminCommandUrl', text),
  'admin.serverPort': option('adminPort', integer(1, 65535)),
  'znode.container.checkIntervalMs': option('containerCheckIntervalMs', integer(1)),
  'znode.container.maxPerMinute': option('containerDeletesPerMinuteMax', integer(1)),
  'znode.container.maxNeverUsedIntervalMs': option('containerNeverUsedMsMax', integer(0)),
  'nio.sessionlessCnxnTimeout': option('sessionlessTimeoutMs', integer(1)),
  dataDir: option('dataDir', text),
  dataLogDir: option('dataLogDir', text),
  forceSync: option('forceSync', forceSync),
  preAllocSize: option('preAllocKib', integer(1)),
  snapCount: option('snapCount', integer(2)),
  snapSizeLimitInKb: option('snapSizeLimitKib', integer(0)),
  txnLogSizeLimitInKb: option('txnLogSizeLimitKib', integer(0)),
  'autopurge.snapRetainCount': option('snapRetainCount', integer(3)),
  'autopurge.purgeInterval': option('purgeIntervalHours', integer(0, 10_000)),
  'snapshot.trust.empty': option('trustEmptySnapshot', boolean),
  'fsync.warningthresholdms': option('fsyncWarningMs', integer(0)),
  initLimit: option('initLimitTicks', integer(1)),
  syncLimit: option('syncLimitTicks', integer(1)),
  electionAlg: option('electionAlgorithm', electionAlgorithm),
  peerType: option(
    'peerType',
    oneOf<ServerConfig['peerType']>({ participant: 'participant', observer: 'observer' }),
  ),
  standaloneEnabled: option('standaloneEnabled', boolean),
  reconfigEnabled: option('reconfigEnabled', boolean),
  // Differs: Apache's testingonly.initialZxid begins an epoch near its end; here it ends early, without a gap.
  'testingonly.txnsPerEpochMax': option('txnsPerEpochMax', integer(1, ZXID_COUNTER_MAX)),
  'readonlymode.enabled': option('readOnlyModeEnabled', boolean),
};

export const CONFIG_KEYS: readonly string[] = Object.keys(OPTIONS);

const DEFAULTS: ServerConfig = {
  tickTimeMs: 3000,
  minSessionTimeoutMs: -1,
  maxSessionTimeoutMs: -1,
  clientPort: 2181,
  clientPortAddress: '127.0.0.1',
  clientPortListenBacklog: -1,
  maxClientCnxns: 60,
  maxCnxns: 0,
  frameBytesMax: JUTE_MAXBUFFER_DEFAULT,
  outstandingMax: 1000,
  extendedTypesEnabled: false,
  enforceQuota: false,
  skipAcl: false,
  digestEnabled: true,
  superDigest: undefined,
  fourLetterWords: [],
  adminEnabled: true,
  adminAddress: '127.0.0.1',
  adminPort: 8080,
  adminCommandUrl: '/commands',
  containerCheckIntervalMs: 60_000,
  containerDeletesPerMinuteMax: 10_000,
  containerNeverUsedMsMax: 0,
  sessionlessTimeoutMs: 10_000,
  dataDir: undefined,
  dataLogDir: undefined,
  forceSync: true,
  preAllocKib: 65_536,
  snapCount: 100_000,
  snapSizeLimitKib: 4_194_304,
  txnLogSizeLimitKib: 0,
  snapRetainCount: 3,
  purgeIntervalHours: 0,
  trustEmptySnapshot: false,
  fsyncWarningMs: 1000,
  initLimitTicks: 0,
  syncLimitTicks: 0,
  electionAlgorithm: 3,
  peerType: 'participant',
  standaloneEnabled: true,
  reconfigEnabled: false,
  txnsPerEpochMax: ZXID_COUNTER_MAX,
  readOnlyModeEnabled: false,
  ensembleLines: [],
  dialRoutes: {},
  givenText: '',
};

/**
 * Makes a configuration of `key=value` pairs; the last of a key counts. Both session timeouts come out resolved.
 * Throws {@link ConfigError} on an unknown key, a value out of range, or a least timeout above the greatest.
 */
export function parseConfig(entries: Readonly<Record<string, string>>): ServerConfig {
  const given: Partial<Record<keyof ServerConfig, unknown>> = {};
  const ensembleLines: (readonly [string, string])[] = [];
  const dialRoutes: Record<string, string> = {};
  for (const [key, value] of Object.entries(entries)) {
    const name = key.startsWith('zookeeper.') ? key.slice('zookeeper.'.length) : key;
    if (ENSEMBLE_LINE.test(name)) {
      ensembleLines.push([name, value.trim()]);
      continue;
    }
    const dialled = DIAL_LINE.exec(name)?.[1];
    if (dialled !== undefined) {
      dialRoutes[dialled] = value.trim();
      continue;
    }
    const known = Object.hasOwn(OPTIONS, name) ? OPTIONS[name] : undefined;
    if (!known) throw new ConfigError(unknownKeyMessage(key, name));
    given[known.field] = known.parse(name, value.trim());
  }
  const config = {
    ...DEFAULTS,
    ...(given as Partial<ServerConfig>),
    ensembleLines,
    dialRoutes,
    givenText: asText(entries),
  };
  if (config.dataLogDir !== undefined && config.dataDir === undefined) {
    throw new ConfigError(`dataLogDir=${config.dataLogDir} needs a dataDir`);
  }
  return withTimeouts(config);
}

function asText(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([key, value]) => `${key}=${value}\n`)
    .join('');
}

function unknownKeyMessage(key: string, name: string): string {
  const near = closestNames(name, CONFIG_KEYS);
  const hint =
    near.length > 0 ? `did you mean ${near.join(' or ')}?` : `known keys: ${CONFIG_KEYS.join(', ')}`;
  return `unknown configuration key ${key}: ${hint}`;
}

function withTimeouts(config: ServerConfig): ServerConfig {
  const { tickTimeMs } = config;
  const min = config.minSessionTimeoutMs === -1 ? tickTimeMs * 2 : config.minSessionTimeoutMs;
  const max = config.maxSessionTimeoutMs === -1 ? tickTimeMs * 20 : config.maxSessionTimeoutMs;
  if (min > max) {
    throw new ConfigError(`minSessionTimeout=${min} is greater than maxSessionTimeout=${max}`);
  }
  return { ...config, minSessionTimeoutMs: min, maxSessionTimeoutMs: max };
}
