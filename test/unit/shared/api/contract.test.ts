/** The edges of the contract between shell and renderer: what its schemas must take and what they must refuse. */
import { describe, expect, test } from 'vitest';
import type { z } from 'zod';
import { SETTINGS_DEFAULTS, Settings } from '../../../../shared/api/app.ts';
import { AclDto, ConnectionId, Hex64, ZnodePath } from '../../../../shared/api/common.ts';
import { PROFILE_DEFAULTS, ProfileDraft, WriteGuard } from '../../../../shared/api/connections.ts';
import { contract } from '../../../../shared/api/contract.ts';
import { Failure, FailureCode, SHELL_ERROR_CODES } from '../../../../shared/api/failure.ts';
import {
  CONNECTION_ERROR_CODES,
  PROTOCOL_ERROR_CODES,
  STORAGE_ERROR_CODES,
} from '../../../../shared/errors.ts';
import { CREATE_MODES, TTL_MS_MAX } from '../../../../shared/protocol/create-mode.ts';
import { KEEPER_ERROR_NAMES } from '../../../../shared/protocol/error-code.ts';
import { zxidToHex, toZxid } from '../../../../shared/zxid.ts';

interface Procedure {
  readonly '~orpc': {
    readonly inputSchema?: z.ZodType | undefined;
    readonly outputSchema?: unknown;
    readonly errorMap: Readonly<Record<string, unknown>>;
  };
}

/** Every procedure by its dotted name. */
const procedures: ReadonlyMap<string, Procedure> = new Map(
  Object.entries(contract).flatMap(([area, calls]) =>
    Object.entries(calls as Readonly<Record<string, Procedure>>).map(
      ([name, call]) => [`${area}.${name}`, call] as const,
    ),
  ),
);

function accepts(name: string, input: unknown): boolean {
  const schema = procedures.get(name)?.['~orpc'].inputSchema;
  if (!schema) throw new Error(`${name} takes no input`);
  return schema.safeParse(input).success;
}

const at = { connectionId: 'c1', path: '/a' };
const openAcl = [{ perms: 31, scheme: 'world', id: 'anyone' }];
const newNode = { ...at, data: null, acl: openAcl, mode: 'PERSISTENT' };
const draft = { ...PROFILE_DEFAULTS, name: 'local', servers: '127.0.0.1:2181' };

describe('contract: everywhere', () => {
  test.each([...procedures])('%s declares FAILURE and nothing else', (_name, procedure) => {
    expect(Object.keys(procedure['~orpc'].errorMap)).toEqual(['FAILURE']);
  });

  test('an input is refused when it is no object at all', () => {
    for (const [name, { '~orpc': definition }] of procedures) {
      if (!definition.inputSchema) continue;
      for (const input of [undefined, null, 'x', 7, []]) {
        if (accepts(name, input)) expect.fail(`${name} takes ${JSON.stringify(input)}`);
      }
    }
  });
});

describe('contract: failure codes', () => {
  test('are every operating error there is, each once', () => {
    const expected = [
      ...SHELL_ERROR_CODES,
      ...CONNECTION_ERROR_CODES,
      ...PROTOCOL_ERROR_CODES,
      ...STORAGE_ERROR_CODES,
      ...KEEPER_ERROR_NAMES,
    ];
    expect([...FailureCode.options]).toEqual(expected);
    expect(new Set(expected).size).toBe(expected.length);
  });

  test('a failure has a known code and says whether trying again helps', () => {
    const failure = { code: 'NONODE', message: 'NONODE (-101) for /a', number: -101, retryable: false };
    expect(Failure.safeParse(failure).success).toBe(true);
    expect(Failure.safeParse({ ...failure, code: 'OK' }).success).toBe(false);
    expect(Failure.safeParse({ ...failure, code: 'ENOENT' }).success).toBe(false);
    expect(Failure.safeParse({ ...failure, retryable: undefined }).success).toBe(false);
  });
});

describe('contract: ids', () => {
  test.each(['0x0', '0xffffffffffffffff', zxidToHex(toZxid(-1n)), '0x100001f68b50023'])(
    '%s is 64-bit hex',
    (text) => {
      expect(Hex64.safeParse(text).success).toBe(true);
    },
  );

  test.each(['', '0x', '0', 'ff', '0xFF', '0x10000000000000000', '0x1\n', ' 0x1', '-0x1'])(
    '%j is not',
    (text) => {
      expect(Hex64.safeParse(text).success).toBe(false);
    },
  );

  test('64-bit numbers do not travel as numbers', () => {
    expect(Hex64.safeParse(1).success).toBe(false);
    expect(Hex64.safeParse(1n).success).toBe(false);
  });

  test('a connection id is short and there', () => {
    expect(ConnectionId.safeParse('').success).toBe(false);
    expect(ConnectionId.safeParse('x'.repeat(64)).success).toBe(true);
    expect(ConnectionId.safeParse('x'.repeat(65)).success).toBe(false);
  });

  test('paths are checked by the client, so that the answer can name the broken rule; only their size is bounded', () => {
    for (const path of ['/', '/a', 'a', '/a/', '//']) expect(ZnodePath.safeParse(path).success).toBe(true);
    expect(ZnodePath.safeParse('').success).toBe(false);
    expect(ZnodePath.safeParse(`/${'x'.repeat(1_000_000)}`).success).toBe(false);
  });
});

describe('contract: znodes', () => {
  test('null data, empty data and bytes are three things', () => {
    for (const data of [null, new Uint8Array(0), Uint8Array.of(1), Buffer.from('x')]) {
      expect(accepts('znodes.create', { ...newNode, data })).toBe(true);
    }
    for (const data of [undefined, 'text', [1, 2], { 0: 1 }]) {
      expect(accepts('znodes.create', { ...newNode, data })).toBe(false);
    }
  });

  test('every create mode and no other', () => {
    for (const mode of CREATE_MODES) expect(accepts('znodes.create', { ...newNode, mode })).toBe(true);
    expect(accepts('znodes.create', { ...newNode, mode: 'persistent' })).toBe(false);
    expect(accepts('znodes.create', { ...newNode, mode: 0 })).toBe(false);
  });

  test('a TTL is 1 ms to 2^40-1 ms', () => {
    for (const ttlMs of [1, TTL_MS_MAX]) expect(accepts('znodes.create', { ...newNode, ttlMs })).toBe(true);
    for (const ttlMs of [0, -1, 1.5, TTL_MS_MAX + 1]) {
      expect(accepts('znodes.create', { ...newNode, ttlMs })).toBe(false);
    }
  });

  test('a list of permissions is never empty, since that would open the node to nobody or to all', () => {
    expect(accepts('znodes.create', { ...newNode, acl: [] })).toBe(false);
    expect(accepts('znodes.setAcl', { ...at, acl: [], aversion: -1 })).toBe(false);
    expect(accepts('znodes.setAcl', { ...at, acl: openAcl, aversion: -1 })).toBe(true);
  });

  test('permissions are a set of five bits', () => {
    const entry = { scheme: 'world', id: 'anyone' };
    for (const perms of [0, 1, 31]) expect(AclDto.safeParse({ ...entry, perms }).success).toBe(true);
    for (const perms of [-1, 32, 1.5]) expect(AclDto.safeParse({ ...entry, perms }).success).toBe(false);
  });

  test('writes carry the version that they replace, or -1 for any', () => {
    const write = { ...at, data: null };
    for (const version of [-1, 0, 7]) {
      expect(accepts('znodes.setData', { ...write, version })).toBe(true);
      expect(accepts('znodes.remove', { ...at, version })).toBe(true);
    }
    for (const version of [undefined, -2, 0.5, '1']) {
      expect(accepts('znodes.setData', { ...write, version })).toBe(false);
      expect(accepts('znodes.remove', { ...at, version })).toBe(false);
    }
  });

  test('what a window may ask at once is bounded', () => {
    const paths = (count: number): string[] => new Array<string>(count).fill('/a');
    expect(accepts('znodes.summaries', { connectionId: 'c1', paths: paths(500) })).toBe(true);
    expect(accepts('znodes.summaries', { connectionId: 'c1', paths: paths(501) })).toBe(false);
    expect(accepts('watches.observe', { connectionId: 'c1', paths: paths(5000) })).toBe(true);
    expect(accepts('watches.observe', { connectionId: 'c1', paths: paths(5001) })).toBe(false);
  });
});

describe('contract: profiles', () => {
  test('the defaults and a server make a profile', () => {
    expect(ProfileDraft.parse(draft)).toEqual(draft);
  });

  test('names and servers are trimmed and must not be blank', () => {
    expect(ProfileDraft.parse({ ...draft, name: ' local ' }).name).toBe('local');
    expect(ProfileDraft.safeParse({ ...draft, name: '  ' }).success).toBe(false);
    expect(ProfileDraft.safeParse({ ...draft, servers: ' ' }).success).toBe(false);
  });

  test.each([
    ['sessionTimeoutMs', 100, 86_400_000],
    ['connectTimeoutMs', 100, 600_000],
    ['frameBytesMax', 1024, 1_073_741_823],
  ] as const)('%s is a whole number from %i to %i', (field, min, max) => {
    for (const value of [min, max])
      expect(ProfileDraft.safeParse({ ...draft, [field]: value }).success).toBe(true);
    for (const value of [min - 1, max + 1, min + 0.5, Number.NaN, Infinity, `${min}`]) {
      expect(ProfileDraft.safeParse({ ...draft, [field]: value }).success).toBe(false);
    }
  });

  test('a digest needs a user; a password is never part of a profile', () => {
    expect(ProfileDraft.safeParse({ ...draft, auth: { kind: 'digest' } }).success).toBe(false);
    expect(ProfileDraft.safeParse({ ...draft, auth: { kind: 'digest', user: 'u' } }).success).toBe(true);
    expect(ProfileDraft.parse({ ...draft, password: 'secret' })).not.toHaveProperty('password');
  });

  test('a write guard says until when it is unlocked', () => {
    expect(WriteGuard.safeParse({ kind: 'unlocked' }).success).toBe(false);
    expect(WriteGuard.safeParse({ kind: 'unlocked', untilMs: 1 }).success).toBe(true);
    expect(accepts('connections.unlock', { connectionId: 'c1', minutes: 0 })).toBe(false);
    expect(accepts('connections.unlock', { connectionId: 'c1', minutes: 120 })).toBe(true);
    expect(accepts('connections.unlock', { connectionId: 'c1', minutes: 121 })).toBe(false);
  });
});

describe('contract: the rest', () => {
  test('settings are saved one at a time or all at once', () => {
    expect(Settings.parse(SETTINGS_DEFAULTS)).toEqual(SETTINGS_DEFAULTS);
    expect(accepts('app.saveSettings', { theme: 'dark' })).toBe(true);
    expect(accepts('app.saveSettings', {})).toBe(true);
    expect(accepts('app.saveSettings', { theme: 'neon' })).toBe(false);
    expect(accepts('app.saveSettings', { treeWidth: 159 })).toBe(false);
  });

  test('a local server takes a port that exists', () => {
    for (const clientPort of [1, 65_535]) expect(accepts('ensembles.create', { clientPort })).toBe(true);
    for (const clientPort of [0, 65_536, 21.5])
      expect(accepts('ensembles.create', { clientPort })).toBe(false);
    expect(accepts('ensembles.create', {})).toBe(true);
    expect(accepts('ensembles.create', { config: { tickTime: 2000 } })).toBe(false);
  });
});
