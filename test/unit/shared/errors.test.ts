/** What an error tells, and what it counts as. */
import { describe, expect, test } from 'vitest';
import { BugError, assert, assertNever } from '../../../shared/assert.ts';
import {
  AppError,
  ConnectionError,
  KeeperError,
  ProtocolError,
  StorageError,
} from '../../../shared/errors.ts';

describe('errors', () => {
  test('a keeper error names its code, number and path', () => {
    const error = new KeeperError('NONODE', { path: '/a', server: '127.0.0.1:2181' });
    expect(error).toBeInstanceOf(AppError);
    expect(error).toMatchObject({ name: 'KeeperError', code: 'NONODE', number: -101, retryable: false });
    expect(error.message).toBe('NONODE (-101) for /a');
    expect(error.context).toEqual({ path: '/a', server: '127.0.0.1:2181' });
  });

  test('a message of its own replaces the made one and is no context', () => {
    const error = new KeeperError('BADVERSION', { message: 'somebody was faster', path: '/a' });
    expect(error.message).toBe('somebody was faster');
    expect(error.context).toEqual({ path: '/a' });
  });

  test.each(['CONNECTIONLOSS', 'OPERATIONTIMEOUT', 'SESSIONMOVED', 'THROTTLEDOP'] as const)(
    '%s may go away by itself',
    (code) => {
      expect(new KeeperError(code).retryable).toBe(true);
    },
  );

  test.each(['NONODE', 'NOAUTH', 'SESSIONEXPIRED', 'AUTHFAILED', 'INVALIDACL'] as const)(
    '%s does not',
    (code) => {
      expect(new KeeperError(code).retryable).toBe(false);
    },
  );

  test('a connection may be tried again unless its string is wrong or it was closed on purpose', () => {
    expect(new ConnectionError('CONNECTION_REFUSED', 'refused').retryable).toBe(true);
    expect(new ConnectionError('BAD_CONNECT_STRING', 'bad').retryable).toBe(false);
    expect(new ConnectionError('CLIENT_CLOSED', 'closed').retryable).toBe(false);
  });

  test('the cause is kept where there is one', () => {
    const cause = new Error('ENOSPC');
    expect(new StorageError('DISK_FULL', 'no room', { cause }).cause).toBe(cause);
    expect('cause' in new ProtocolError('TRUNCATED', 'cut')).toBe(false);
  });
});

describe('assertions', () => {
  test('a broken one is a bug, never an operating error', () => {
    expect(() => {
      assert(false, 'a leader without a quorum');
    }).toThrow(new BugError('a leader without a quorum'));
    assert(true, 'not thrown');
    expect(() => assertNever('x' as never, 'role')).toThrow('unexpected role: x');
    expect(new BugError('x')).not.toBeInstanceOf(AppError);
  });
});
