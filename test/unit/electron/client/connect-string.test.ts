import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { formatHostPort, parseConnectString } from '../../../../electron/client/connect-string.ts';
import { ConnectionError } from '../../../../shared/errors.ts';

describe('parseConnectString', () => {
  test.each([
    ['localhost', ['localhost:2181'], ''],
    ['a:1', ['a:1'], ''],
    ['a:1,b,c:65535', ['a:1', 'b:2181', 'c:65535'], ''],
    [' a:1 , b:2 ', ['a:1', 'b:2'], ''],
    ['10.0.0.1:2181/kafka', ['10.0.0.1:2181'], '/kafka'],
    ['a,b/x/y', ['a:2181', 'b:2181'], '/x/y'],
    ['a/', ['a:2181'], ''],
    ['[::1]:2182', ['[::1]:2182'], ''],
    ['[fe80::1%eth0],a', ['[fe80::1%eth0]:2181', 'a:2181'], ''],
    ['[::1]/x', ['[::1]:2181'], '/x'],
  ])('%j', (text, hosts, chroot) => {
    const parsed = parseConnectString(text);
    expect(parsed.hosts.map(formatHostPort)).toEqual(hosts);
    expect(parsed.chroot).toBe(chroot);
  });

  test.each([
    ['', 'names no host, at character 1'],
    ['/only', 'names no host, at character 1'],
    ['a,,b', 'has an empty host, at character 3'],
    ['a,', 'has an empty host, at character 3'],
    ['a:0', 'has an invalid port "0" (1 to 65535 are valid), at character 3'],
    ['a:65536', 'has an invalid port "65536" (1 to 65535 are valid), at character 3'],
    ['a:1,b:x', 'has an invalid port "x" (1 to 65535 are valid), at character 7'],
    ['a:', 'has an invalid port "" (1 to 65535 are valid), at character 3'],
    [':2181', 'has a port without a host, at character 1'],
    ['::1', 'has more than one colon in a host (an IPv6 address needs brackets: [::1]:2181), at character 1'],
    ['[::1', 'has a [ without its ], at character 1'],
    ['[abc]:1', 'has "abc" in brackets, which is no IPv6 address, at character 1'],
    ['[::1]2181', 'has "2181" behind a ], at character 6'],
    ['a b:1', 'has an invalid host "a b", at character 1'],
    ['a//b', 'has an invalid chroot "//b" (EMPTY_SEGMENT), at character 2'],
    ['a/b/', 'has an invalid chroot "/b/" (TRAILING_SLASH), at character 2'],
  ])('%j is refused, by name and place', (text, reason) => {
    expect(() => parseConnectString(text)).toThrow(
      new ConnectionError('BAD_CONNECT_STRING', `connect string ${JSON.stringify(text)} ${reason}`),
    );
  });

  test('any text is parsed or refused with a code', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', '1', ':', ',', '/', '[', ']', '.', ' ', '%') }),
        (text) => {
          try {
            expect(parseConnectString(text).hosts.length).toBeGreaterThan(0);
          } catch (error) {
            expect(error).toMatchObject({ code: 'BAD_CONNECT_STRING' });
          }
        },
      ),
      { numRuns: 2_000 },
    );
  });
});
