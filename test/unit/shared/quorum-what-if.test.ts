/** What becomes of an ensemble when servers stop, against looking through every case. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type QuorumRules, majorityRules, parseQuorumRules } from '../../../shared/quorum-rules.ts';
import { type QuorumMember, whatIf } from '../../../shared/quorum-what-if.ts';
import { makeZxid } from '../../../shared/zxid.ts';

const at = (epoch: number, counter: number): Pick<QuorumMember, 'peerEpoch' | 'zxid'> => ({
  peerEpoch: epoch,
  zxid: makeZxid({ epoch, counter }),
});

const member = (sid: number, more: Partial<QuorumMember> = {}): QuorumMember => ({
  sid,
  isUp: true,
  isLeader: false,
  ...at(4, 0x2f),
  ...more,
});

const ask = (
  rules: QuorumRules,
  members: readonly QuorumMember[],
  stopped: readonly number[] = [],
): ReturnType<typeof whatIf> => whatIf({ rules, members, stopped: new Set(stopped) });

describe('what-if: majority', () => {
  const rules = majorityRules([1, 2, 3]);
  const members = [member(1), member(2), member(3, { isLeader: true })];

  test('any one of three may stop, any two lose the quorum', () => {
    expect(ask(rules, members)).toEqual({
      running: [1, 2, 3],
      hasQuorum: true,
      mayStop: [1, 2, 3],
      spareAny: 1,
      losingSets: [
        [1, 2],
        [1, 3],
        [2, 3],
      ],
      hasMoreSets: false,
      leader: { kind: 'stays', sid: 3 },
    });
  });

  test('with one down no other may stop', () => {
    const { mayStop, spareAny, losingSets } = ask(rules, members, [1]);
    expect({ mayStop, spareAny, losingSets }).toEqual({ mayStop: [], spareAny: 0, losingSets: [[2], [3]] });
  });

  test('without a quorum nobody leads, and nothing more can be lost', () => {
    const { hasQuorum, spareAny, losingSets, leader } = ask(rules, members, [1, 3]);
    expect({ hasQuorum, spareAny, losingSets, leader }).toEqual({
      hasQuorum: false,
      spareAny: null,
      losingSets: [],
      leader: { kind: 'no-quorum' },
    });
  });

  test('a server that is down already counts as one that has stopped', () => {
    const { running, mayStop } = ask(rules, [member(1, { isUp: false }), member(2), member(3)]);
    expect({ running, mayStop }).toEqual({ running: [2, 3], mayStop: [] });
  });

  test.each([
    ['the later epoch leads', [member(1, at(5, 0)), member(2, at(4, 9))], 1, 'peerEpoch'],
    ['the newer log leads', [member(1, at(4, 9)), member(2, at(4, 8))], 1, 'zxid'],
    ['among equal logs the higher sid leads', [member(1, at(4, 9)), member(2, at(4, 9))], 2, 'sid'],
  ] as const)('%s', (_, left, sid, by) => {
    const { leader } = ask(rules, [...left, member(3, { isLeader: true })], [3]);
    expect(leader).toEqual({ kind: 'elected', sid, over: 3 - sid, by });
  });

  test('an observer neither counts nor leads', () => {
    const withObserver = [...members, member(4, at(9, 9))];
    expect(ask(majorityRules([1, 2, 3], [4]), withObserver, [3]).leader).toMatchObject({ sid: 2 });
    expect(ask(majorityRules([1, 2, 3], [4]), withObserver, [1, 3]).hasQuorum).toBe(false);
  });

  test('who would lead is hidden where a server does not tell how far it is', () => {
    const { leader } = ask(rules, [member(1), member(2, { zxid: null }), member(3, { isLeader: true })], [3]);
    expect(leader).toEqual({ kind: 'hidden', silent: [2] });
  });

  test('of seventeen voters no sets are looked for, and that is said', () => {
    const sids = Array.from({ length: 17 }, (_, index) => index + 1);
    const { losingSets, hasMoreSets, mayStop } = ask(
      majorityRules(sids),
      sids.map((sid) => member(sid)),
    );
    expect({ losingSets, hasMoreSets }).toEqual({ losingSets: [], hasMoreSets: true });
    expect(mayStop).toEqual(sids);
  });

  test('of fifteen voters, two hundred sets are told', () => {
    const sids = Array.from({ length: 15 }, (_, index) => index + 1);
    const { losingSets, hasMoreSets, spareAny } = ask(
      majorityRules(sids),
      sids.map((sid) => member(sid)),
    );
    expect({ sets: losingSets.length, hasMoreSets, spareAny }).toEqual({
      sets: 200,
      hasMoreSets: true,
      spareAny: 7,
    });
  });
});

describe('what-if: groups and weights', () => {
  const text = [
    ...[1, 2, 3, 4, 5, 6, 7, 8, 9].map((sid) => `server.${sid}=h${sid}:2888:3888:participant;2181`),
    'group.1=1:2:3',
    'group.2=4:5:6',
    'group.3=7:8:9',
    'weight.9=0',
    'version=100000000',
  ].join('\n');
  const rules = parseQuorumRules(text);
  const members = [1, 2, 3, 4, 5, 6, 7, 8, 9].map((sid) => member(sid));

  test('a whole group may stop, and two servers of each of two groups may not', () => {
    if (rules === undefined) throw new Error('the text has voters');
    expect(ask(rules, members, [1, 2, 3]).hasQuorum).toBe(true);
    expect(ask(rules, members, [1, 2, 4, 5]).hasQuorum).toBe(false);
    // Of the third group only two weigh: one of them lost is its majority lost.
    expect(ask(rules, members, [1, 2, 7]).hasQuorum).toBe(false);
  });

  test('who weighs nothing never leads, however new its log is', () => {
    if (rules === undefined) throw new Error('the text has voters');
    const ahead = members.map((each) => (each.sid === 9 ? { ...each, ...at(9, 9) } : each));
    expect(ask(rules, ahead).leader).toMatchObject({ kind: 'elected', sid: 8, over: 7, by: 'sid' });
  });
});

describe('what-if: the rules of a configuration', () => {
  test('observers, groups and weights are told apart, spaces and addresses do not matter', () => {
    const rules = parseQuorumRules(
      [
        'server.1=a:1:2:participant;0.0.0.0:2181',
        'server.2 = b:1:2|c:1:2;2181',
        'server.3=d:1:2:observer;[::]:2181',
        'group.1=1:2',
        'weight.2=3',
        'dataDir=/server.9=x',
      ].join('\n'),
    );
    expect(rules).toEqual({
      voters: [1, 2],
      observers: [3],
      groups: [{ group: 1, sids: [1, 2] }],
      weights: new Map([[2, 3]]),
    });
  });

  test('a text without servers has no rules', () => {
    expect(parseQuorumRules('clientPort=2181\nversion=0')).toBeUndefined();
  });
});

/** An ensemble of up to seven voters, with groups and weights or without, some of them down. */
const scene = fc.integer({ min: 1, max: 7 }).chain((count) => {
  const sids = Array.from({ length: count }, (_, index) => index + 1);
  const each = <T>(value: fc.Arbitrary<T>): fc.Arbitrary<T[]> =>
    fc.array(value, { minLength: count, maxLength: count });
  return fc.record({
    sids: fc.constant(sids),
    groups: fc.option(each(fc.integer({ min: 1, max: 3 })), { nil: null }),
    weights: each(fc.integer({ min: 0, max: 3 })),
    up: each(fc.boolean()),
    stops: each(fc.boolean()),
    epochs: each(fc.integer({ min: 1, max: 2 })),
    counters: each(fc.integer({ min: 0, max: 2 })),
    leader: fc.integer({ min: 0, max: count }),
  });
});

const subsetsOf = (sids: readonly number[]): number[][] =>
  sids.reduce<number[][]>((sets, sid) => [...sets, ...sets.map((set) => [...set, sid])], [[]]);

describe('what-if: every case', () => {
  test('agrees with counting by hand', () => {
    let elected = 0;
    fc.assert(
      fc.property(scene, ({ sids, groups, weights, up, stops, epochs, counters, leader }) => {
        const weightOf = (sid: number): number => (groups === null ? 1 : (weights[sid - 1] ?? 0));
        const groupOf = (sid: number): number => (groups === null ? 1 : (groups[sid - 1] ?? 0));
        const sum = (some: readonly number[]): number =>
          some.reduce((total, sid) => total + weightOf(sid), 0);
        const isQuorum = (some: readonly number[]): boolean => {
          const heavy = [1, 2, 3].filter((group) => sum(sids.filter((sid) => groupOf(sid) === group)) > 0);
          const won = heavy.filter(
            (group) =>
              2 * sum(some.filter((sid) => groupOf(sid) === group)) >
              sum(sids.filter((sid) => groupOf(sid) === group)),
          );
          return 2 * won.length > heavy.length;
        };
        const rules: QuorumRules = {
          voters: sids,
          observers: [],
          groups:
            groups === null
              ? []
              : [1, 2, 3].map((group) => ({ group, sids: sids.filter((sid) => groupOf(sid) === group) })),
          weights: new Map(sids.map((sid) => [sid, weights[sid - 1] ?? 0])),
        };
        const members = sids.map((sid, index) => ({
          ...member(sid, at(epochs[index] ?? 1, counters[index] ?? 0)),
          isUp: up[index] === true,
          isLeader: sid === leader,
        }));
        const stopped = sids.filter((_, index) => stops[index]);
        const answer = ask(rules, members, stopped);

        const left = sids.filter((sid, index) => up[index] === true && !stopped.includes(sid));
        const without = (gone: readonly number[]): number[] => left.filter((sid) => !gone.includes(sid));
        const losing = isQuorum(left) ? subsetsOf(left).filter((gone) => !isQuorum(without(gone))) : [];
        const minimal = losing.filter((gone) =>
          losing.every((other) => other === gone || !other.every((sid) => gone.includes(sid))),
        );
        expect(answer.running).toEqual(left);
        expect(answer.hasQuorum).toBe(isQuorum(left));
        expect(answer.mayStop).toEqual(left.filter((sid) => isQuorum(without([sid]))));
        expect(new Set(answer.losingSets.map((set) => set.join()))).toEqual(
          new Set(minimal.map((set) => set.join())),
        );
        if (isQuorum(left)) {
          const sizes = left.map((_, index) => index + 1);
          const spare = sizes.filter((size) =>
            subsetsOf(left).every((gone) => gone.length > size || isQuorum(without(gone))),
          );
          expect(answer.spareAny).toBe(spare.length);
        }

        if (!isQuorum(left)) expect(answer.leader).toEqual({ kind: 'no-quorum' });
        else if (left.includes(leader)) expect(answer.leader).toEqual({ kind: 'stays', sid: leader });
        else {
          const ranks = left
            .filter((sid) => weightOf(sid) > 0)
            .map((sid) => (epochs[sid - 1] ?? 0) * 100 + (counters[sid - 1] ?? 0) * 10 + sid);
          elected++;
          expect(answer.leader).toMatchObject({ kind: 'elected', sid: Math.max(...ranks) % 10 });
        }
      }),
      { numRuns: 2_000 },
    );
    expect(elected).toBeGreaterThan(50);
  });
});
