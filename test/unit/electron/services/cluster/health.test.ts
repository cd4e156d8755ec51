/** Every health rule, red and green, and what is told of it (electron/services/cluster/health). */
import { describe, expect, test } from 'vitest';
import { HealthBook } from '../../../../../electron/services/cluster/health/health-book.ts';
import type { HealthView } from '../../../../../electron/services/cluster/health/rule.ts';
import type { ServerDto } from '../../../../../shared/api/cluster.ts';
import { HEALTH_LIMITS, type HealthFinding, RULES, type RuleId } from '../../../../../shared/api/health.ts';
import { server, unreachable } from '../../../renderer/cluster/make-server.ts';
import { NOW_MS, follower, leader, pointsOf, repeat, view } from './make-dto.ts';

function judge(of: HealthView): {
  findings: Map<RuleId, HealthFinding>;
  passed: readonly RuleId[];
  unchecked: ReadonlyMap<RuleId, string>;
} {
  const { report } = new HealthBook().onView(of);
  return {
    findings: new Map(report.findings.map((finding) => [finding.rule, finding])),
    passed: report.passed,
    unchecked: new Map(report.unchecked.map(({ rule, needs }) => [rule, needs])),
  };
}

/** Three servers that tell what a healthy ensemble tells. */
function healthy(): ServerDto[] {
  const told: Partial<ServerDto> = {
    version: '3.8.4',
    openFiles: 60,
    maxFiles: 1024,
    watchCount: 7,
    busiestClient: { address: '10.0.0.1', connections: 3 },
    longestQueue: { address: '10.0.0.1:4000', sessionId: '0x1', queued: 0, lastOperation: 'PING' },
    connectionsPerClientMax: 60,
    clockAheadMs: 100,
    conf: { tickTime: '2000', dataDir: '/d', dataLogDir: '/d', dataDirSize: '1000', dataLogSize: '1000' },
    mntr: { zk_cnt_fsynctime: '5', zk_cnt_jvm_pause_time_ms: '1', zk_max_proposal_size: '900' },
  };
  return [
    leader('a:1', { ...told, quorumSize: 3, syncedFollowers: 2 }),
    follower('b:1', { ...told, lag: { transactions: 0, ms: 0 } }),
    follower('c:1', { ...told, lag: { transactions: 0, ms: 0 } }),
  ];
}

function changed(at: number, known: Partial<ServerDto>): ServerDto[] {
  return healthy().map((each, index) => (index === at ? { ...each, ...known } : each));
}

test('health: an ensemble that tells everything and is well passes every rule', () => {
  const { findings, passed, unchecked } = judge(view(healthy()));
  expect([...findings.keys()]).toEqual([]);
  expect([...unchecked.keys()]).toEqual([]);
  expect(passed.toSorted()).toEqual(RULES.toSorted());
});

describe('health: rules that fail', () => {
  const lost = [unreachable('a:1'), server('b:1', { isServing: false })];
  const cases: readonly (readonly [RuleId, HealthView, Partial<HealthFinding>])[] = [
    ['quorum-lost', view(lost), { severity: 'danger', facts: { answering: 1, asked: 2 } }],
    ['server-down', view([...healthy().slice(0, 2), unreachable('c:1')]), { servers: ['c:1'] }],
    ['quorum-margin', view(changed(0, { syncedFollowers: 1 })), { facts: { synced: 2, total: 3 } }],
    ['followers-out-of-sync', view(changed(0, { syncedFollowers: 1 })), { severity: 'warning' }],
    ['epoch-churn', view(healthy(), { epochsMs: [1, 2, 3] }), { facts: { count: 3 } }],
    ['even-voters', view(changed(0, { quorumSize: 4, syncedFollowers: 3 })), { facts: { total: 4 } }],
    [
      'server-behind',
      view(changed(1, { lag: { transactions: 640, ms: 1800 } }), {
        points: pointsOf('b:1', repeat({ lag: 640 }, 10)),
      }),
      { servers: ['b:1'], facts: { transactions: 640, ms: 1800 }, metric: 'lag' },
    ],
    [
      'outstanding-high',
      view(healthy(), { points: pointsOf('b:1', repeat({ outstanding: 37 }, 10)) }),
      { servers: ['b:1'], facts: { now: 37, max: 37, limit: HEALTH_LIMITS.outstanding } },
    ],
    [
      'latency-high',
      view(healthy(), { points: pointsOf('a:1', repeat({ latencyMs: 250 }, 10)) }),
      { servers: ['a:1'], metric: 'latencyMs' },
    ],
    [
      'disk-slow',
      view(healthy(), {
        points: pointsOf('b:1', [{ fsyncMs: 3 }, { fsyncMs: 184 }, { fsyncMs: 120 }, { fsyncMs: 130 }]),
      }),
      { servers: ['b:1'], facts: { worstMs: 184, limit: HEALTH_LIMITS.fsyncMs } },
    ],
    [
      'jvm-pauses',
      view(healthy(), { points: pointsOf('c:1', [{ jvmPauseMs: 700 }, { jvmPauseMs: 500 }]) }),
      { servers: ['c:1'], facts: { totalMs: 1200 } },
    ],
    [
      'connections-near-limit',
      view(changed(1, { busiestClient: { address: '10.0.0.7', connections: 50 } })),
      { servers: ['b:1'], facts: { address: '10.0.0.7', connections: 50, max: 60 } },
    ],
    [
      'client-queues',
      view(
        changed(1, {
          longestQueue: { address: '10.0.0.7:1', sessionId: '0x7', queued: 200, lastOperation: 'SETD' },
        }),
      ),
      { severity: 'info', servers: ['b:1'] },
    ],
    ['open-files-near-limit', view(changed(2, { openFiles: 900 })), { facts: { open: 900, max: 1024 } }],
    ['watches-many', view(changed(2, { watchCount: 150_000, watchPaths: 12 })), { servers: ['c:1'] }],
    [
      'big-znodes',
      view(changed(0, { mntr: { zk_max_proposal_size: '900000', zk_cnt_fsynctime: '1' } })),
      { facts: { bytes: 900_000 } },
    ],
    [
      'never-purged',
      view(
        changed(0, {
          dataSizeBytes: 1_000_000,
          conf: { dataDir: '/d', dataLogDir: '/d', dataDirSize: '13000000000', dataLogSize: '13000000000' },
        }),
      ),
      { facts: { bytes: 13_000_000_000, folder: '/d', dataBytes: 1_000_000 } },
    ],
    ['versions-mixed', view(changed(2, { version: '3.9.1' })), { facts: { versions: '3.8.4, 3.9.1' } }],
    [
      'config-differs',
      view(changed(2, { conf: { tickTime: '3000' } })),
      { facts: { key: 'tickTime', values: 'a:1 2000, b:1 2000, c:1 3000' } },
    ],
    [
      'clocks-differ',
      view(changed(2, { clockAheadMs: 5100 })),
      { facts: { spreadMs: 5000, ahead: 'c:1', behind: 'a:1' } },
    ],
    [
      'words-hidden',
      view(
        changed(1, {
          hidden: [
            {
              server: 'b:1',
              word: 'cons',
              reason: 'whitelist',
              configLine: '4lw.commands.whitelist=isro, srvr, cons',
            },
          ],
        }),
      ),
      {
        severity: 'info',
        servers: ['b:1'],
        configLine: '4lw.commands.whitelist=conf,cons,dump,isro,mntr,srvr,wchs',
      },
    ],
  ];

  test('there is a case for each rule', () => {
    expect(cases.map(([rule]) => rule).toSorted()).toEqual(RULES.toSorted());
  });

  test.each(cases)('%s', (rule, of, expected) => {
    expect(judge(of).findings.get(rule)).toMatchObject(expected);
  });
});

describe('health: rules that hold back', () => {
  test('a single slow write is no slow disk, and a short queue no pile', () => {
    const points = pointsOf('b:1', [{ fsyncMs: 900, outstanding: 50 }, ...repeat({ outstanding: 0 }, 9)]);
    expect([...judge(view(healthy(), { points })).findings.keys()]).toEqual([]);
  });

  test('a queue that was measured a few times only is not sustained', () => {
    const points = pointsOf('b:1', repeat({ outstanding: 500 }, 3));
    expect(judge(view(healthy(), { points })).findings.has('outstanding-high')).toBe(false);
  });

  test('a follower that is down is told once: not also as out of sync', () => {
    const servers = [
      leader('a:1', { quorumSize: 3, syncedFollowers: 1 }),
      follower('b:1'),
      unreachable('c:1'),
    ];
    expect([...judge(view(servers)).findings.keys()].toSorted()).toEqual(['quorum-margin', 'server-down']);
  });

  test('clocks a second apart prove nothing, since a Date has no less', () => {
    expect(judge(view(changed(2, { clockAheadMs: 1300 }))).findings.has('clocks-differ')).toBe(false);
  });

  test('what differs only in where a server listens is no difference', () => {
    const conf = { ...healthy()[1]?.conf, clientPort: '2182', 'server.1': 'x:1:2' };
    const servers = changed(1, { conf }).map((each) =>
      each.server === 'b:1' ? each : { ...each, conf: { ...each.conf, 'server.1': 'y:1:2' } },
    );
    expect(judge(view(servers)).findings.has('config-differs')).toBe(false);
  });

  test('what nobody tells is not checked, and says what it would need', () => {
    const { unchecked, findings } = judge(view([leader('a:1', { version: '3.8.4' }), follower('b:1')]));
    expect(Object.fromEntries(unchecked)).toEqual({
      'quorum-margin': 'leader',
      'followers-out-of-sync': 'leader',
      'even-voters': 'leader',
      'disk-slow': 'mntr',
      'jvm-pauses': 'jvm',
      'connections-near-limit': 'conf',
      'open-files-near-limit': 'mntr',
      'watches-many': 'mntr',
      'big-znodes': 'leader',
      'never-purged': 'conf',
      'config-differs': 'conf',
      'clocks-differ': 'admin',
    });
    expect([...findings.keys()]).toEqual([]);
  });

  test('a builtin server has no JVM, and one that runs alone no quorum', () => {
    const alone = server('a:1', { role: 'standalone', version: '3.8.0-zabra' });
    const { passed } = judge(view([alone]));
    expect(passed).toEqual(
      expect.arrayContaining([
        'jvm-pauses',
        'quorum-margin',
        'even-voters',
        'clocks-differ',
        'config-differs',
      ]),
    );
  });
});

describe('health: what has turned bad', () => {
  const bad = (atMs: number): HealthView => ({ ...view(changed(2, { openFiles: 900 })), atMs });
  const well = (atMs: number): HealthView => ({ ...view(healthy()), atMs });
  const alertsOf = (book: HealthBook, views: readonly HealthView[]): RuleId[][] =>
    views.map((each) => book.onView(each).alerts.map(({ rule }) => rule));

  test('is told once, after it has held for a moment', () => {
    const book = new HealthBook();
    const views = [
      well(NOW_MS),
      bad(NOW_MS + 2_000),
      bad(NOW_MS + 4_000),
      bad(NOW_MS + 8_000),
      bad(NOW_MS + 10_000),
    ];
    expect(alertsOf(book, views)).toEqual([[], [], [], ['open-files-near-limit'], []]);
  });

  test('what flickers is told once; what was away for a minute is news again', () => {
    const book = new HealthBook();
    const at = (s: number): number => NOW_MS + s * 1000;
    const views = [
      well(at(0)),
      bad(at(2)),
      bad(at(8)),
      well(at(10)),
      bad(at(20)),
      bad(at(30)),
      well(at(95)),
      bad(at(97)),
      bad(at(103)),
    ];
    const rule = 'open-files-near-limit';
    expect(alertsOf(book, views)).toEqual([[], [], [rule], [], [], [], [], [], [rule]]);
  });

  test('what was bad when the watch began is no news, and remembers since when it is', () => {
    const book = new HealthBook();
    expect(alertsOf(book, [bad(NOW_MS), bad(NOW_MS + 20_000)])).toEqual([[], []]);
    expect(book.onView(bad(NOW_MS + 22_000)).report.findings[0]?.sinceMs).toBe(NOW_MS);
  });
});
