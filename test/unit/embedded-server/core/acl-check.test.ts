/** Permissions, identities and the repair of lists (PROTOCOL.md 2.16). */
import { createHash } from 'node:crypto';

import { describe, expect, test } from 'vitest';

import {
  authenticate,
  fixupAcl,
  isAllowed,
  maskDigests,
} from '../../../../embedded-server/core/acl-check.ts';
import { type Acl, ANYONE, OPEN_ACL_UNSAFE, Perms } from '../../../../shared/acl.ts';
import { encodeUtf8 } from '../../../../shared/jute/utf8.ts';

function entry(perms: number, scheme: string, id: string): Acl {
  return { perms, id: { scheme, id } };
}

const sha1 = (bytes: Uint8Array): Uint8Array => createHash('sha1').update(bytes).digest();
const IP = { scheme: 'ip', id: '10.1.2.3' };

describe('acl: check', () => {
  test('world:anyone grants its permissions and no others', () => {
    const acl = [{ perms: Perms.READ, id: ANYONE }];
    expect(isAllowed({ acl, perms: Perms.READ, ids: [] })).toBe(true);
    expect(isAllowed({ acl, perms: Perms.WRITE, ids: [] })).toBe(false);
    expect(isAllowed({ acl, perms: Perms.READ | Perms.ADMIN, ids: [] })).toBe(true);
  });

  test('an empty list grants everything, a super user may do anything', () => {
    expect(isAllowed({ acl: [], perms: Perms.ADMIN, ids: [] })).toBe(true);
    const acl = [entry(Perms.READ, 'digest', 'x:y')];
    expect(isAllowed({ acl, perms: Perms.ADMIN, ids: [{ scheme: 'super', id: '' }] })).toBe(true);
  });

  test.each([
    ['10.1.2.3', true],
    ['10.1.2.4', false],
    ['10.1.0.0/16', true],
    ['10.2.0.0/16', false],
    ['10.1.2.2/31', true],
    ['0.0.0.0/0', true],
    ['255.255.255.255/0', true],
  ])('ip:%s admits 10.1.2.3: %s', (range, isAdmitted) => {
    expect(isAllowed({ acl: [entry(31, 'ip', range)], perms: Perms.READ, ids: [IP] })).toBe(isAdmitted);
  });

  test('an IPv6 client matches no range', () => {
    const ids = [{ scheme: 'ip', id: '::1' }];
    expect(isAllowed({ acl: [entry(31, 'ip', '0.0.0.0/0')], perms: Perms.READ, ids })).toBe(false);
  });
});

describe('acl: repair', () => {
  test('auth becomes the own digests, with the permissions asked for', () => {
    const ids = [IP, { scheme: 'digest', id: 'a:1' }, { scheme: 'digest', id: 'b:2' }];
    expect(fixupAcl([entry(5, 'auth', 'ignored')], ids)).toEqual([
      entry(5, 'digest', 'a:1'),
      entry(5, 'digest', 'b:2'),
    ]);
  });

  test('auth of somebody who has not authenticated is refused: an address is no authentication', () => {
    expect(fixupAcl([entry(31, 'auth', '')], [IP])).toBeUndefined();
  });

  test('double entries are kept once, and the open list is one shared object', () => {
    const twice = [entry(1, 'ip', '1.2.3.4'), entry(1, 'ip', '1.2.3.4'), entry(2, 'ip', '1.2.3.4')];
    expect(fixupAcl(twice, [])).toHaveLength(2);
    expect(fixupAcl([entry(31, 'world', 'anyone')], [])).toBe(OPEN_ACL_UNSAFE);
  });

  test.each([
    [[]],
    [[entry(31, 'world', 'somebody')]],
    [[entry(31, 'digest', 'nocolon')]],
    [[entry(31, 'digest', 'a:b:c')]],
    [[entry(31, 'digest', 'a:')]],
    [[entry(31, 'ip', '1.2.3')]],
    [[entry(31, 'ip', '1.2.3.256')]],
    [[entry(31, 'ip', '1.2.3.4/33')]],
    [[entry(31, 'ip', '::1')]],
    [[entry(31, 'sasl', 'x')]],
    [[entry(31, 'super', '')]],
    [[entry(31, 'world', 'anyone'), entry(31, 'nonsense', 'x')]],
  ])('%j is refused', (list) => {
    expect(fixupAcl(list, [])).toBeUndefined();
  });
});

describe('acl: identities', () => {
  const common = { remoteAddress: '10.1.2.3', superDigest: undefined, sha1 };

  test('digest hashes the whole of user:password', () => {
    const ids = authenticate({ ...common, scheme: 'digest', auth: encodeUtf8('super:test') });
    expect(ids).toEqual([{ scheme: 'digest', id: 'super:D/InIHSb7yEEbrWz8b9l71RjZJU=' }]);
  });

  test('the configured digest makes a super user in addition', () => {
    const superDigest = 'super:D/InIHSb7yEEbrWz8b9l71RjZJU=';
    const ids = authenticate({ ...common, superDigest, scheme: 'digest', auth: encodeUtf8('super:test') });
    expect(ids).toContainEqual({ scheme: 'super', id: '' });
    const wrong = authenticate({ ...common, superDigest, scheme: 'digest', auth: encodeUtf8('super:tst') });
    expect(wrong).not.toContainEqual({ scheme: 'super', id: '' });
  });

  test('other schemes are refused', () => {
    for (const scheme of ['world', 'auth', 'super', 'sasl', '']) {
      expect(authenticate({ ...common, scheme, auth: encodeUtf8('x') })).toBeUndefined();
    }
  });

  test('masking shows whose digest it is, not the hash', () => {
    const list = [entry(31, 'digest', 'bob:secret'), entry(1, 'world', 'anyone')];
    expect(maskDigests(list)).toEqual([entry(31, 'digest', 'bob:x'), entry(1, 'world', 'anyone')]);
  });
});
