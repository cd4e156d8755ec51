import { describe, expect, test } from 'vitest';
import {
  authHasNobody,
  duplicateIndexes,
  effectivePerms,
  findIdProblem,
  isInNetwork,
  locksOut,
  makeWorldReadOnly,
  sessionPerms,
  worldHarm,
} from '../../../../renderer/features/browse/acl/acl-model.ts';
import { Perms } from '../../../../shared/acl.ts';

const WORLD_ALL = { perms: Perms.ALL, scheme: 'world', id: 'anyone' };
const WORLD_READ = { ...WORLD_ALL, perms: Perms.READ };
const OPS = { perms: Perms.ALL, scheme: 'digest', id: 'zabra-ops:2xBzP1nK6wSg0mVqkqfVY0yqJxk=' };
const OPS_SESSION = [
  { scheme: 'ip', user: '10.20.7.3' },
  { scheme: 'digest', user: 'zabra-ops' },
];

describe('ACL entries', () => {
  test.each([
    ['world', 'anyone', undefined],
    ['world', 'kafka', 'world-only-anyone'],
    ['auth', '', undefined],
    ['auth', 'me', 'auth-takes-no-id'],
    ['digest', OPS.id, undefined],
    ['digest', 'user:secret', 'digest-plain-password'],
    ['digest', 'user', 'digest-shape'],
    ['digest', ':2xBzP1nK6wSg0mVqkqfVY0yqJxk=', 'digest-shape'],
    ['ip', '10.20.0.0/16', undefined],
    ['ip', '10.20.0.0/33', 'ip-bits'],
    ['ip', '10.20.0.256', 'ip-address'],
    ['ip', 'fe80::1/64', undefined],
    ['ip', '::/0', undefined],
    ['ip', '1:2:3', 'ip-address'],
    ['sasl', 'kafka/broker@EU1.EXAMPLE.NET', undefined],
    ['x509', '', 'id-missing'],
  ])('%s:%s', (scheme, id, problem) => {
    expect(findIdProblem({ scheme, id })).toBe(problem);
  });

  test('the same identity twice is marked', () => {
    expect([...duplicateIndexes([WORLD_ALL, OPS, WORLD_READ])]).toEqual([2]);
  });
});

describe('ACL dangers', () => {
  test('anybody who may change, delete or administer is harm; reading is not', () => {
    expect(worldHarm([WORLD_ALL])).toBe(Perms.ALL & ~Perms.READ);
    expect(worldHarm([WORLD_READ, OPS])).toBe(0);
    expect(worldHarm(makeWorldReadOnly([WORLD_ALL, OPS]))).toBe(0);
  });

  test('the last right to change the list is noticed before it is given away', () => {
    expect(locksOut([WORLD_READ], OPS_SESSION)).toBe(true);
    expect(locksOut([WORLD_READ, OPS], OPS_SESSION)).toBe(false);
    expect(locksOut([WORLD_READ, OPS], [])).toBe(true);
    expect(locksOut([{ ...WORLD_ALL, perms: Perms.ALL & ~Perms.ADMIN }], OPS_SESSION)).toBe(true);
    expect(locksOut([{ perms: Perms.ALL, scheme: 'auth', id: '' }], OPS_SESSION)).toBe(false);
  });

  test('auth without an identity is refused before the server does', () => {
    const auth = [{ perms: Perms.ALL, scheme: 'auth', id: '' }];
    expect(authHasNobody(auth, [{ scheme: 'ip', user: '127.0.0.1' }])).toBe(true);
    expect(authHasNobody(auth, OPS_SESSION)).toBe(false);
  });
});

describe('ACL forecast', () => {
  test('a session has what all its identities together may do', () => {
    const acl = [WORLD_READ, { perms: Perms.WRITE, scheme: 'ip', id: '10.20.0.0/16' }];
    expect(sessionPerms(acl, OPS_SESSION)).toBe(Perms.READ | Perms.WRITE);
    expect(sessionPerms(acl, [{ scheme: 'ip', user: '10.21.0.1' }])).toBe(Perms.READ);
  });

  test('lists the session first, then others by name, then everybody', () => {
    const kafka = { perms: Perms.READ | Perms.WRITE, scheme: 'sasl', id: 'kafka' };
    expect(effectivePerms([WORLD_READ, OPS, kafka], OPS_SESSION)).toEqual([
      { who: 'session', label: 'zabra-ops', scheme: '', perms: Perms.ALL },
      { who: 'entry', label: 'kafka', scheme: 'sasl', perms: Perms.READ | Perms.WRITE },
      { who: 'anonymous', label: '', scheme: '', perms: Perms.READ },
    ]);
  });

  test.each([
    ['10.20.7.3', '10.20.0.0/16', true],
    ['10.21.7.3', '10.20.0.0/16', false],
    ['10.21.7.3', '0.0.0.0/0', true],
    ['192.168.1.1', '192.168.1.1', true],
    ['192.168.1.1', '192.168.1.1/32', true],
    ['fe80::1', 'fe80::1', true],
  ])('%s in %s: %s', (address, network, isIn) => {
    expect(isInNetwork(address, network)).toBe(isIn);
  });
});
