import { describe, expect, test } from 'vitest';
import { digestCredential, digestId } from '../../../../electron/client/digest.ts';
import {
  MultiError,
  createRequest,
  multiReadResults,
  multiWriteOp,
  multiWriteResults,
} from '../../../../electron/client/multi.ts';
import { WatchRegistry } from '../../../../electron/client/watch-registry.ts';
import { OPEN_ACL_UNSAFE } from '../../../../shared/acl.ts';
import { CREATE_MODES } from '../../../../shared/protocol/create-mode.ts';

const plain = new WatchRegistry('');
const rooted = new WatchRegistry('/app');

describe('createRequest', () => {
  test.each(CREATE_MODES.map((mode, flags) => [mode, flags] as const))(
    '%s: its flags and its operation',
    (mode, flags) => {
      const hasTtl = mode.endsWith('TTL');
      const part = createRequest(plain, '/a', { mode, ...(hasTtl ? { ttlMs: 5 } : {}) });
      expect(part.op).toBe(hasTtl ? 'createTTL' : mode === 'CONTAINER' ? 'createContainer' : 'create2');
      expect(part.request).toEqual({
        path: '/a',
        data: null,
        acl: OPEN_ACL_UNSAFE,
        flags,
        ...(hasTtl ? { ttlMs: 5n } : {}),
      });
    },
  );

  test.each([
    ['PERSISTENT', '/a/', 'BAD_PATH'],
    ['PERSISTENT', 'a', 'BAD_PATH'],
    ['PERSISTENT_SEQUENTIAL', '', 'BAD_PATH'],
    ['PERSISTENT_SEQUENTIAL', '/a//', 'BAD_PATH'],
  ] as const)('%s at %j is %s', (mode, path, code) => {
    expect(() => createRequest(plain, path, { mode })).toThrow(
      expect.objectContaining({ code, context: { path } }),
    );
  });

  test('a sequential node without a name stays below the chroot', () => {
    expect(createRequest(rooted, '/', { mode: 'PERSISTENT_SEQUENTIAL' }).request.path).toBe('/app/');
    expect(createRequest(plain, '/', { mode: 'PERSISTENT_SEQUENTIAL' }).request.path).toBe('/');
    expect(createRequest(rooted, '/a/', { mode: 'PERSISTENT_SEQUENTIAL' }).request.path).toBe('/app/a/');
  });
});

describe('multi', () => {
  test('parts get the chroot and any version by default', () => {
    expect(multiWriteOp(rooted, { op: 'delete', path: '/a' })).toEqual({
      op: 'delete',
      request: { path: '/app/a', version: -1 },
    });
    expect(multiWriteOp(rooted, { op: 'create', path: '/a' })).toMatchObject({
      op: 'create',
      request: { path: '/app/a' },
    });
  });

  test('a failed one names the part, its path and every code', () => {
    const writes = [
      { op: 'check', path: '/a' },
      { op: 'delete', path: '/b' },
      { op: 'delete', path: '/c' },
    ] as const;
    const results = [0, -103, -2].map((err) => ({ op: 'error' as const, err }));
    let thrown: unknown;
    try {
      multiWriteResults({ watches: plain, writes, results, context: { server: 's:1' } });
    } catch (error) {
      thrown = error;
    }
    expect(thrown).toBeInstanceOf(MultiError);
    expect(thrown).toMatchObject({
      code: 'BADVERSION',
      failedIndex: 1,
      codes: [undefined, 'BADVERSION', 'RUNTIMEINCONSISTENCY'],
      context: { server: 's:1', path: '/b' },
      message: 'BADVERSION: operation 2 of 3 (delete /b) failed, so nothing was changed',
    });
  });

  test('results that no multi has are a protocol error', () => {
    const results = [{ op: 'getChildren' as const, children: [] }];
    expect(() => multiWriteResults({ watches: plain, writes: [], results, context: {} })).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE' }),
    );
    expect(() => multiReadResults({ reads: [], results, context: {} })).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE' }),
    );
  });
});

describe('digest', () => {
  test('the id is that of ZooKeeper’s own generator', () => {
    expect(digestId({ user: 'super', password: 'test' })).toEqual({
      scheme: 'digest',
      id: 'super:D/InIHSb7yEEbrWz8b9l71RjZJU=',
    });
  });

  test('the credential is user:password, with colons in the password', () => {
    const { auth } = digestCredential({ user: 'ü', password: 'a:b' });
    expect(new TextDecoder().decode(auth)).toBe('ü:a:b');
  });
});
