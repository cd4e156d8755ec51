import { describe, expect, test } from 'vitest';

import { readLogLine } from '../../../../../electron/diagnosis/logs/log-line.ts';

const NOON = { kind: 'date', wallMs: Date.UTC(2024, 4, 1, 12, 0, 0, 123), zoneMs: null };

describe('lines by the patterns that ZooKeeper is run with', () => {
  test.each([
    [
      'shipped, log4j',
      '2024-05-01 12:00:00,123 [myid:1] - INFO  [main:QuorumPeer@1234] - tickTime set to 2000',
      {
        stamp: NOON,
        level: 'INFO',
        thread: 'main',
        speaker: 'QuorumPeer',
        sid: 1,
        message: 'tickTime set to 2000',
      },
    ],
    [
      'shipped, logback, which shortens packages',
      '2024-05-01 12:00:00,123 [myid:] - WARN  [RecvWorker:2:o.a.z.s.q.QuorumCnxManager$RecvWorker@1402] - gone',
      {
        stamp: NOON,
        level: 'WARN',
        thread: 'RecvWorker:2',
        speaker: 'QuorumCnxManager',
        sid: null,
        message: 'gone',
      },
    ],
    [
      'shipped, the number only in the name of the thread',
      '2024-05-01 12:00:00,123 [myid:] - INFO  [QuorumPeer[myid=3](plain=[0:0]:2181)(secure=disabled):QuorumPeer@1] - LEADING',
      {
        stamp: NOON,
        level: 'INFO',
        thread: 'QuorumPeer[myid=3](plain=[0:0]:2181)(secure=disabled)',
        speaker: 'QuorumPeer',
        sid: 3,
        message: 'LEADING',
      },
    ],
    [
      'shipped, trace file',
      '2024-05-01 12:00:00,123 [myid:2] - DEBUG [main:ZKDatabase@?][ctx] - - x - y',
      { stamp: NOON, level: 'DEBUG', thread: 'main', speaker: 'ZKDatabase', sid: 2, message: '- x - y' },
    ],
    [
      'Debian',
      '2024-05-01 12:00:00,123 - INFO  [main:QuorumPeerMain@127] - Starting quorum peer',
      {
        stamp: NOON,
        level: 'INFO',
        thread: 'main',
        speaker: 'QuorumPeerMain',
        sid: null,
        message: 'Starting quorum peer',
      },
    ],
    [
      'slf4j-simple',
      '2024-05-01 12:00:00.123 [WorkerReceiver[myid=1]] INFO org.apache.zookeeper.server.quorum.FastLeaderElection - [a] - b',
      {
        stamp: NOON,
        level: 'INFO',
        thread: 'WorkerReceiver[myid=1]',
        speaker: 'FastLeaderElection',
        sid: 1,
        message: '[a] - b',
      },
    ],
    [
      'slf4j-simple, as it comes',
      '[main] INFO org.apache.zookeeper.server.quorum.QuorumPeer - LOOKING',
      {
        stamp: undefined,
        level: 'INFO',
        thread: 'main',
        speaker: 'QuorumPeer',
        sid: null,
        message: 'LOOKING',
      },
    ],
    [
      'slf4j-simple, milliseconds since start',
      '4711 [main] INFO org.apache.zookeeper.server.quorum.QuorumPeer - LOOKING',
      {
        stamp: { kind: 'since-start', elapsedMs: 4711 },
        level: 'INFO',
        thread: 'main',
        speaker: 'QuorumPeer',
        sid: null,
        message: 'LOOKING',
      },
    ],
    [
      'logback by default',
      '12:00:00.123 [main] INFO  o.a.z.server.quorum.QuorumPeer - LOOKING',
      {
        stamp: { kind: 'time-of-day', wallMs: 43_200_123 },
        level: 'INFO',
        thread: 'main',
        speaker: 'QuorumPeer',
        sid: null,
        message: 'LOOKING',
      },
    ],
    [
      'Kafka',
      '[2024-05-01 12:00:00,123] INFO Expiring session 0x1 (org.apache.zookeeper.server.ZooKeeperServer)',
      {
        stamp: NOON,
        level: 'INFO',
        thread: '',
        speaker: 'ZooKeeperServer',
        sid: null,
        message: 'Expiring session 0x1',
      },
    ],
    [
      'HBase',
      '2024-05-01 12:00:00,123 INFO  [main] quorum.QuorumPeer: LOOKING',
      { stamp: NOON, level: 'INFO', thread: 'main', speaker: 'QuorumPeer', sid: null, message: 'LOOKING' },
    ],
  ])('%s', (_name, line, parsed) => {
    expect(readLogLine(line)).toEqual(parsed);
  });

  test.each([
    ['2024-05-01T12:00:00.123Z', 0],
    ['2024-05-01T12:00:00.123456789+02:00', 7_200_000],
    ['2024-05-01 12:00:00,123 -0530', -19_800_000],
    ['2024/05/01 12:00:00,123', null],
    ['01 May 2024 12:00:00,123', null],
  ])('time %s', (time, zoneMs) => {
    expect(readLogLine(`${time} [main] INFO a.B - c`)?.stamp).toEqual({ ...NOON, zoneMs });
  });

  test.each([
    [''],
    ['java.io.EOFException'],
    ['\tat org.apache.zookeeper.server.quorum.QuorumPeer.run(QuorumPeer.java:1539)'],
    ['2024-05-01 12:00:00,123'],
    ['2024-05-01 12:00:00,123 [myid:1] - INFO  [main:Quor'],
    ['01 Foo 2024 12:00:00,123 [main INFO'],
  ])('no line of a log: %s', (line) => {
    expect(readLogLine(line)).toBeUndefined();
  });
});
