/** Quorums by majority and by groups and weights (PROTOCOL.md 4.6). */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { parseEnsembleConfig, parseEnsembleText } from '../../../embedded-server/core/ensemble-config.ts';
import { HierarchicalVerifier, MajorityVerifier } from '../../../shared/quorum-verifier.ts';

describe('quorum: majority', () => {
  test.each([
    [[1], [1], true],
    [[1, 2], [1], false],
    [[1, 2, 3], [1, 3], true],
    [[1, 2, 3, 4], [1, 2], false],
    [[1, 2, 3, 4], [1, 2, 4], true],
  ])('of %j, %j: %s', (voters, sids, expected) => {
    expect(new MajorityVerifier(voters).containsQuorum(sids)).toBe(expected);
  });

  test('whoever does not vote does not count', () => {
    expect(new MajorityVerifier([1, 2, 3]).containsQuorum([1, 4, 5])).toBe(false);
  });
});

describe('quorum: groups', () => {
  const groupOf = new Map([1, 2, 3, 4, 5, 6, 7, 8, 9].map((sid) => [sid, Math.ceil(sid / 3)]));
  const voters = groupOf.keys();
  const verifier = new HierarchicalVerifier({ voters: [...voters], groupOf, weights: new Map() });

  test('two of three in two of three groups are enough', () => {
    expect(verifier.containsQuorum([1, 2, 4, 5])).toBe(true);
    expect(verifier.containsQuorum([1, 2, 3, 4, 7])).toBe(false);
  });

  test('who weighs nothing adds nothing and a group of such does not count', () => {
    const weighted = new HierarchicalVerifier({
      voters: [1, 2, 3, 4],
      groupOf: new Map([
        [1, 1],
        [2, 1],
        [3, 1],
        [4, 2],
      ]),
      weights: new Map([
        [3, 0],
        [4, 0],
      ]),
    });
    expect(weighted.containsQuorum([1, 2])).toBe(true);
    expect(weighted.containsQuorum([1, 3, 4])).toBe(false);
    expect(weighted.weightOf(3)).toBe(0);
  });

  test('any two quorums share a server', () => {
    const subset = fc.subarray([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    fc.assert(
      fc.property(subset, subset, (a, b) => {
        if (!verifier.containsQuorum(a) || !verifier.containsQuorum(b)) return;
        expect(a.some((sid) => b.includes(sid))).toBe(true);
      }),
    );
  });
});

describe('ensemble configuration', () => {
  test('the text of /zookeeper/config is that of Apache', () => {
    const config = parseEnsembleConfig([
      ['server.2', '127.0.0.1:22882:23882:observer;2182'],
      ['server.1', '127.0.0.1:22881:23881'],
      ['clientPort', '2181'],
    ]);
    expect(config.text).toBe(
      'server.1=127.0.0.1:22881:23881:participant\n' +
        'server.2=127.0.0.1:22882:23882:observer;0.0.0.0:2182\n' +
        'version=0',
    );
    expect(parseEnsembleText(config.text)).toEqual(config);
  });

  test('groups, weights, several addresses and the version survive', () => {
    const text =
      'server.1=[::1]:1:2|b:3:4:participant\nserver.2=c:1:2:participant\ngroup.1=1:2\nweight.1=1\nweight.2=0\nversion=100000000';
    const config = parseEnsembleText(text);
    expect(config.text).toBe(text);
    expect(config.version).toBe(0x1_0000_0000n);
    expect(config.verifier.weightOf(2)).toBe(0);
  });

  test.each([
    [[['server.1', 'nonsense']]],
    [[['server.1', 'a:1:2:observer']]],
    [
      [
        ['server.1', 'a:1:2'],
        ['server.2', 'b:1:2'],
        ['group.1', '1'],
      ],
    ],
  ])('%j is refused', (entries) => {
    expect(() => parseEnsembleConfig(entries as [string, string][])).toThrow();
  });
});
