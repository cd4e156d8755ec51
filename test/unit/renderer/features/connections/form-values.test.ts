import { describe, expect, it } from 'vitest';
import { ProfileDraft } from '../../../../../shared/api/connections.ts';
import {
  NEW_VALUES,
  countChanges,
  draftOf,
  findProblems,
  isTestOutdated,
  splitConnectionString,
  suggestName,
  valuesOf,
} from '../../../../../renderer/features/connections/form-values.ts';

const VALID = { ...NEW_VALUES, name: 'orders', servers: 'zk-1:2181,zk-2:2181' };

describe('connection form: problems', () => {
  it('a valid form has none, and makes a draft that the contract takes', () => {
    expect(findProblems(VALID, [])).toEqual({});
    expect(ProfileDraft.safeParse(draftOf(VALID)).success).toBe(true);
  });
  it('demands a name that no other connection has', () => {
    expect(findProblems({ ...VALID, name: '  ' }, []).name).toBe('connections:problem.nameMissing');
    expect(findProblems(VALID, ['orders']).name).toBe('connections:problem.nameTaken');
  });
  it.each([
    ['', 'connections:problem.serversMissing'],
    [' , ', 'connections:problem.serversMissing'],
    ['zk-1:2181 zk-2:2181', 'connections:problem.serversSpace'],
    ['zk-1:0', 'connections:problem.serversPort'],
    ['zk-1:65536', 'connections:problem.serversPort'],
    ['zk-1:abc', 'connections:problem.serversPort'],
    ['zk-1', undefined],
    ['[::1]:2181', undefined],
    ['[::1]', undefined],
    ['zk-1:2181,\nzk-2:2181,', undefined],
  ])('servers %j', (servers, problem) => {
    expect(findProblems({ ...VALID, servers }, []).servers).toBe(problem);
  });
  it('a chroot is a path or nothing', () => {
    expect(findProblems({ ...VALID, chroot: 'orders' }, []).chroot).toBe('connections:problem.chrootPath');
    expect(findProblems({ ...VALID, chroot: '/orders/' }, []).chroot).toBe('connections:problem.chrootPath');
    expect(findProblems({ ...VALID, chroot: '/' }, []).chroot).toBeUndefined();
  });
  it('digest needs a user without a colon; without digest the user does not matter', () => {
    expect(findProblems({ ...VALID, authKind: 'digest' }, []).user).toBe('connections:problem.userMissing');
    expect(findProblems({ ...VALID, authKind: 'digest', user: 'a:b' }, []).user).toBe(
      'connections:problem.userColon',
    );
    expect(findProblems({ ...VALID, user: 'a:b' }, [])).toEqual({});
  });
  it('numbers stay within what the contract takes', () => {
    const values = { ...VALID, sessionTimeoutMs: 99, connectTimeoutMs: 600_001, frameBytesMax: 0 };
    expect(Object.keys(findProblems(values, [])).sort()).toEqual([
      'connectTimeoutMs',
      'frameBytesMax',
      'sessionTimeoutMs',
    ]);
  });
});

describe('connection form: drafts and changes', () => {
  it('servers may stand one a line; a chroot of / is none', () => {
    const draft = draftOf({ ...VALID, servers: ' zk-1:2181\n zk-2:2181,\n', chroot: ' / ' });
    expect(draft).toMatchObject({ servers: 'zk-1:2181,zk-2:2181', chroot: '' });
  });
  it('a profile goes through the form unchanged, without its password', () => {
    const draft = draftOf({ ...VALID, authKind: 'digest', user: 'ro', password: 'secret' });
    const values = valuesOf({ ...draft, connectionId: 'c', secret: 'stored', createdAtMs: 0 });
    expect(draftOf(values)).toEqual(draft);
    expect(values.password).toBeNull();
    expect(JSON.stringify(draft)).not.toContain('secret');
  });
  it('counts the fields that differ; user and password only while they are used', () => {
    expect(countChanges(VALID, VALID)).toBe(0);
    expect(countChanges({ ...VALID, name: 'b', isReadOnly: true }, VALID)).toBe(2);
    expect(countChanges({ ...VALID, user: 'ro', password: 'x' }, VALID)).toBe(0);
    expect(countChanges({ ...VALID, authKind: 'digest', user: 'ro', password: 'x' }, VALID)).toBe(3);
  });
});

describe('connection form: tests', () => {
  it('a test holds while only name, colour, environment or access change', () => {
    const changed = {
      ...VALID,
      name: 'b',
      color: 'red',
      environment: 'production',
      isReadOnly: true,
    } as const;
    expect(isTestOutdated(VALID, changed)).toBe(false);
    expect(isTestOutdated(VALID, { ...VALID, password: 'x' })).toBe(true);
    expect(isTestOutdated(VALID, { ...VALID, chroot: '/orders' })).toBe(true);
  });
});

describe('connection form: connection strings', () => {
  it.each([
    ['zk-1:2181,zk-2:2181/orders', 'zk-1:2181,zk-2:2181', '/orders'],
    ['zk-1:2181/', 'zk-1:2181', ''],
    [' zk-1 ', 'zk-1', ''],
  ])('%j splits into servers and chroot', (text, servers, chroot) => {
    expect(splitConnectionString(text)).toEqual({ servers, chroot });
  });
  it('suggests the first host and the chroot as a name that is free', () => {
    expect(suggestName({ servers: 'zk-1:2181,zk-2:2181', chroot: '/orders' }, [])).toBe('zk-1/orders');
    expect(suggestName({ servers: '[::1]:2181', chroot: '' }, ['::1'])).toBe('::1 2');
  });
});
