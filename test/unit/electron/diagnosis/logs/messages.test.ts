/** What each version's messages become. Texts are facts of ZooKeeper's sources, 3.4 to 3.9. */
import { describe, expect, test } from 'vitest';

import { readLogs } from '../../../../../electron/diagnosis/logs/read-logs.ts';
import type { ServerEventDto } from '../../../../../shared/api/server-events.ts';
import { logFile } from '../../../../support/log-text.ts';

const START_MS = Date.UTC(2024, 4, 1, 12);

/** Class and message; one a second, by server 1. */
function logOf(messages: readonly string[]): string {
  return messages
    .map((text, index) => {
      const time = new Date(START_MS + index * 1000).toISOString().slice(0, 19).replace('T', ' ');
      const [, speaker = '', message = ''] = /^(\w+): ([^]*)$/.exec(text) ?? [];
      return `${time},000 [myid:1] - INFO  [worker:${speaker}@1] - ${message}\n`;
    })
    .join('');
}

async function eventsOf(...messages: readonly string[]): Promise<readonly ServerEventDto[]> {
  return (await readLogs([logFile(logOf(messages))], { timeZone: 'UTC' })).events;
}

/** Without what every event has. */
async function toldBy(...messages: readonly string[]): Promise<readonly object[]> {
  return (await eventsOf(...messages)).map((event) => {
    const { seq: _seq, sid: _sid, atMs: _atMs, ...rest } = event;
    return rest;
  });
}

/** What an observer backs: the smallest number there is. */
const NOBODY = '-9223372036854775808';
const OWN = { leader: 1, peerEpoch: 2, zxid: '0x200000007' };
const BEGIN = [
  'QuorumPeer: LOOKING',
  'FastLeaderElection: New election. My id = 1, proposed zxid=0x200000007',
];
const ownVote = (round: string): string =>
  `FastLeaderElection: Notification: my state:LOOKING; n.sid:1, n.state:LOOKING, n.leader:1, n.round:0x${round}, n.peerEpoch:0x2, n.zxid:0x200000007, message format version:0x2, n.config version:0x0`;

describe('notifications', () => {
  test.each([
    [
      '3.4',
      'Notification: 1 (message format version), 2 (n.leader), 0x200000009 (n.zxid), 0x3 (n.round), LOOKING (n.state), 2 (n.sid), 0x2 (n.peerEpoch) LOOKING (my state)',
    ],
    [
      '3.4.5',
      'Notification: 2 (n.leader), 0x200000009 (n.zxid), 0x3 (n.round), LOOKING (n.state), 2 (n.sid), 0x2 (n.peerEPoch), LOOKING (my state)',
    ],
    [
      '3.5',
      'Notification: 2 (message format version), 2 (n.leader), 0x200000009 (n.zxid), 0x3 (n.round), LOOKING (n.state), 2 (n.sid), 0x2 (n.peerEPoch), LOOKING (my state)0 (n.config version)',
    ],
    [
      '3.6 and later',
      'Notification: my state:LOOKING; n.sid:2, n.state:LOOKING, n.leader:2, n.round:0x3, n.peerEpoch:0x2, n.zxid:0x200000009, message format version:0x2, n.config version:0x0',
    ],
  ])('%s', async (_version, text) => {
    const told = await toldBy(...BEGIN, ownVote('3'), `FastLeaderElection: ${text}`);
    const vote = { leader: 2, peerEpoch: 2, zxid: '0x200000009' };
    expect(told.slice(1)).toEqual([
      { kind: 'vote-sent', to: null, vote: OWN, round: 3 },
      { kind: 'vote-received', from: 2, fromState: 'LOOKING', vote, round: 3, verdict: 'accepted' },
      { kind: 'vote-sent', to: null, vote, round: 3 },
    ]);
  });

  test.each([
    [
      '3.4 to 3.7',
      'Sending Notification: 1 (n.leader), 0x200000007 (n.zxid), 0x3 (n.round), 2 (recipient), 1 (myid), 0x2 (n.peerEpoch)',
    ],
    [
      '3.8 and later',
      'Sending Notification: 1 (n.leader), 0x200000007 (n.zxid), 0x2 (n.peerEpoch), 0x3 (n.round), 2 (recipient), 1 (myid)',
    ],
  ])('told one by one at DEBUG, %s', async (_version, text) => {
    const told = await toldBy(...BEGIN, `FastLeaderElection: ${text}`, ownVote('3'));
    expect(told.slice(1)).toEqual([{ kind: 'vote-sent', to: 2, vote: OWN, round: 3 }]);
  });

  const heard = (
    state: string,
    from: number,
    leader: number | string,
    round: string,
    epoch = '2',
    zxid = '200000007',
  ) =>
    `FastLeaderElection: Notification: my state:LOOKING; n.sid:${from}, n.state:${state}, n.leader:${leader}, n.round:0x${round}, n.peerEpoch:0x${epoch}, n.zxid:0x${zxid}, message format version:0x2, n.config version:0x0`;

  test.each([
    ['accepted', heard('LOOKING', 2, 2, '3')],
    ['counted', heard('LOOKING', 2, 1, '3')],
    ['worse', heard('LOOKING', 2, 2, '3', '1')],
    ['stale', heard('LOOKING', 2, 2, '2')],
    ['newer-round', heard('LOOKING', 2, 2, '4')],
    ['established', heard('LEADING', 2, 2, '9')],
    ['no-voter', heard('LOOKING', 2, NOBODY, '3')],
    ['untrusted', heard('LOOKING', 2, 2, '3', '0', 'ffffffffffffffff')],
    ['not-looking', heard('LOOKING', 2, 2, '3').replace('my state:LOOKING', 'my state:FOLLOWING')],
  ])('judged as the server did: %s', async (verdict, text) => {
    const told = await toldBy(...BEGIN, ownVote('3'), text);
    expect(told[2]).toMatchObject({ kind: 'vote-received', from: 2, verdict });
  });

  test('what came before the own vote is handled behind it', async () => {
    const told = await toldBy(heard('LOOKING', 2, 2, '3'), ...BEGIN, ownVote('3'));
    expect(told.map((event) => ('verdict' in event ? event.verdict : undefined))).toContain('accepted');
    expect(told.at(-1)).toMatchObject({ kind: 'vote-sent', vote: { leader: 2 } });
  });

  test('a later round is entered with the better vote', async () => {
    const told = await toldBy(...BEGIN, ownVote('3'), heard('LOOKING', 2, 2, '5', '1'));
    expect(told.at(-1)).toEqual({ kind: 'vote-sent', to: null, vote: OWN, round: 5 });
  });

  test('an observer backs nobody, and learns who leads', async () => {
    const told = await toldBy(
      'QuorumPeer: LOOKING',
      'FastLeaderElection: New election. My id = 1, proposed zxid=0x8000000000000000',
      heard('LEADING', 3, 3, '7'),
      'QuorumPeer: OBSERVING',
    );
    expect(told.at(-1)).toMatchObject({ kind: 'state', state: 'OBSERVING', leader: 3 });
  });
});

describe('roles', () => {
  test('3.6 and later tell every phase', async () => {
    const told = await toldBy(
      ...BEGIN,
      ownVote('3'),
      'QuorumPeer: Peer state changed: leading',
      'QuorumPeer: LEADING',
      'Leader: LEADING - LEADER ELECTION TOOK - 214 MS',
      'QuorumPeer: Peer state changed: leading - discovery',
      'QuorumPeer: Peer state changed: leading - synchronization',
      'Leader: Have quorum of supporters, sids: [[1, 3]]; starting up and setting last processed zxid: 0x300000000',
      'QuorumPeer: Peer state changed: leading - broadcast',
    );
    expect(told.filter((event) => 'state' in event)).toEqual([
      expect.objectContaining({ state: 'LOOKING', phase: 'ELECTION', lastZxid: '0x200000007' }),
      ...['ELECTION', 'DISCOVERY', 'SYNCHRONIZATION', 'BROADCAST'].map((phase): unknown =>
        expect.objectContaining({ state: 'LEADING', phase, leader: 1, epoch: 3 }),
      ),
    ]);
  });

  test('3.4 tells none, but what goes with them', async () => {
    const leading = await toldBy(
      'QuorumPeer: LOOKING',
      'QuorumPeer: LEADING',
      'Leader: LEADING - LEADER ELECTION TOOK - 214',
      'Leader: Have quorum of supporters, sids: [ 1,2 ]; starting up and setting last processed zxid: 0x300000000',
    );
    expect(leading.map((event) => ('phase' in event ? event.phase : ''))).toEqual([
      'ELECTION',
      'ELECTION',
      'DISCOVERY',
      'BROADCAST',
    ]);
    const following = await toldBy(
      'QuorumPeer: LOOKING',
      'QuorumPeer: FOLLOWING',
      'Follower: FOLLOWING - LEADER ELECTION TOOK - 214',
      'Learner: Getting a snapshot from leader 0x200000007',
    );
    expect(following.slice(1)).toEqual([
      expect.objectContaining({ state: 'FOLLOWING', phase: 'ELECTION' }),
      expect.objectContaining({ state: 'FOLLOWING', phase: 'DISCOVERY' }),
      expect.objectContaining({ state: 'FOLLOWING', phase: 'SYNCHRONIZATION' }),
      { kind: 'sync', learner: 1, mode: 'SNAP', fromZxid: null, toZxid: '0x200000007' },
    ]);
  });

  test.each([
    [
      'Leader: Shutdown called. For the reason Not sufficient followers synced, only synced with sids: [ [1] ]',
      'it stopped leading: Not sufficient followers synced, only synced with sids: [ [1] ]',
    ],
    [
      'Leader: Shutdown called\njava.lang.Exception: shutdown Leader! reason: zxid lower 32 bits have rolled over',
      'it stopped leading: zxid lower 32 bits have rolled over',
    ],
    [
      'Follower: Exception when following the leader\njava.net.SocketTimeoutException: Read timed out\n\tat java.net.Socket',
      'it lost its leader: java.net.SocketTimeoutException: Read timed out',
    ],
    ['QuorumPeer: Suggested leader: 2', 'a reconfiguration names another leader: Suggested leader: 2'],
  ])('why a role ended: %s', async (message, reason) => {
    const told = await toldBy('QuorumPeer: LEADING', message, 'QuorumPeer: LOOKING');
    expect(told.at(-1)).toMatchObject({ kind: 'state', state: 'LOOKING', reason });
  });

  test('a process begins anew, of a version', async () => {
    const told = await toldBy(
      'QuorumPeerMain: Starting quorum peer, myid=1',
      'ZooKeeperServer: Server environment:zookeeper.version=3.9.3-c26634f34490bb0ea7a09cc51e05ede3b4e320ee, built on 2024',
    );
    expect(told).toEqual([{ kind: 'started', version: '3.9.3' }]);
  });

  test('the epoch of a follower, where it says it', async () => {
    const told = await toldBy(
      'QuorumPeer: FOLLOWING',
      'Learner: Set the current epoch to 7',
      'Learner: Learner received UPTODATE message',
    );
    expect(told.at(-1)).toMatchObject({ state: 'FOLLOWING', phase: 'BROADCAST', epoch: 7 });
  });
});

describe('how learners are brought level, told by their leader', () => {
  const begin = (peerLast: string) =>
    `LearnerHandler: Synchronizing with Learner sid: 2 maxCommittedLog=0x200000009 minCommittedLog=0x200000001 lastProcessedZxid=0x200000009 peerLastZxid=0x${peerLast}`;
  const sync = { kind: 'sync', learner: 2 };

  test.each([
    [
      'DIFF',
      [begin('200000009'), 'LearnerHandler: Sending DIFF zxid=0x200000009 for peer sid: 2'],
      { ...sync, mode: 'DIFF', fromZxid: '0x200000009', toZxid: '0x200000009' },
    ],
    [
      'TRUNC, which is told at DEBUG only',
      [begin('20000000b')],
      { ...sync, mode: 'TRUNC', fromZxid: '0x20000000b', toZxid: '0x200000009' },
    ],
    [
      'TRUNC and what follows',
      [begin('200000008'), 'LearnerHandler: Sending TRUNC zxid=0x200000007 for peer sid: 2'],
      { ...sync, mode: 'TRUNC+DIFF', fromZxid: '0x200000008', toZxid: '0x200000007' },
    ],
    [
      'SNAP',
      [
        begin('0'),
        'LearnerHandler: Sending snapshot last zxid of peer is 0x0, zxid of leader is 0x300000000, send zxid of db as 0x200000009, 1 concurrent snapshot sync, snapshot sync was exempt from throttle',
      ],
      { ...sync, mode: 'SNAP', fromZxid: '0x0', toZxid: '0x200000009' },
    ],
    [
      '3.4',
      [
        'LearnerHandler: Synchronizing with Follower sid: 2 maxCommittedLog=0x200000009 minCommittedLog=0x200000001 peerLastZxid=0x20000000b',
        'LearnerHandler: Sending TRUNC',
      ],
      { ...sync, mode: 'TRUNC', fromZxid: '0x20000000b', toZxid: null },
    ],
  ])('%s', async (_name, messages, event) => {
    expect(await toldBy(...messages)).toEqual([event]);
  });

  test('a learner that stands at the begin of an epoch is not cut: there is nothing to cut', async () => {
    expect(await toldBy(begin('300000000'))).toEqual([]);
  });
});

describe('sessions, disk and process', () => {
  const session = { sessionId: '0x100a2b3c4d50001' };

  test.each([
    [
      'ZooKeeperServer: Expiring session 0x100a2b3c4d50001, timeout of 4000ms exceeded',
      { kind: 'session-expired', ...session, timeoutMs: 4000, lastHeardMs: null, bucketMs: null },
    ],
    [
      'ZooKeeperServer: Established session 0x100a2b3c4d50001 with negotiated timeout 4000 for client /10.0.0.7:40000',
      { kind: 'session-attached', ...session, address: '10.0.0.7:40000', reason: null },
    ],
    [
      'ZooKeeperServer: Invalid session 0x100a2b3c4d50001 for client /10.0.0.7:40000, probably expired',
      { kind: 'session-refused', ...session, address: '10.0.0.7:40000' },
    ],
    [
      'LearnerSessionTracker: Committing global session 0x100a2b3c4d50001',
      { kind: 'session-created', ...session, timeoutMs: null, address: null },
    ],
    [
      'PrepRequestProcessor: Processed session termination for sessionid: 0x100a2b3c4d50001',
      {
        kind: 'session-closed',
        ...session,
        zxid: null,
        ephemerals: [],
        ephemeralCount: null,
        byClient: null,
      },
    ],
    [
      'NIOServerCnxn: Unable to read additional data from client sessionid 0x100a2b3c4d50001, likely client has closed socket',
      { kind: 'session-detached', ...session, address: null, reason: 'the client hung up' },
    ],
    [
      'NIOServerCnxn: Unexpected exception\nEndOfStreamException: Unable to read additional data from client, it probably closed the socket: address = /10.0.0.7:40000, session = 0x100a2b3c4d50001',
      { kind: 'session-detached', ...session, address: '10.0.0.7:40000', reason: 'the client hung up' },
    ],
    [
      'NIOServerCnxn: Closed socket connection for client /10.0.0.7:40000 which had sessionid 0x100a2b3c4d50001',
      { kind: 'session-detached', ...session, address: '10.0.0.7:40000', reason: null },
    ],
    [
      'FileTxnLog: fsync-ing the write ahead log in SyncThread:1 took 1234ms which will adversely effect operation latency.File size is 67108880 bytes. See the ZooKeeper troubleshooting guide',
      { kind: 'fsync', durationMs: 1234, maxMs: 1234, count: 1 },
    ],
    [
      'JvmPauseMonitor: Detected pause in JVM or host machine (eg GC): pause of approximately 5678 ms, total pause: info level: 0, warn level: 1 \nNo GCs detected',
      { kind: 'stall', durationMs: 5678 },
    ],
    [
      'FileTxnSnapLog: Snapshotting: 0x200000009 to /srv/zookeeper/version-2/snapshot.200000009',
      { kind: 'snapshot', zxid: '0x200000009', durationMs: null, bytes: null },
    ],
    [
      'NIOServerCnxnFactory: Message:Error accepting new connection: Too many connections from /10.0.0.7 - max is 60 Value:null',
      {
        kind: 'complaint',
        about: 'connection-limit',
        text: 'Too many connections from /10.0.0.7 - max is 60',
      },
    ],
    [
      'ZooKeeperServer: Message:Quota exceeded: /a [current count=3, hardCountLimit=2] Value:null',
      {
        kind: 'complaint',
        about: 'quota-exceeded',
        text: 'Quota exceeded: /a [current count=3, hardCountLimit=2]',
      },
    ],
    [
      'QuorumCnxManager: Cannot open channel to 2 at election address /10.0.0.2:3888',
      {
        kind: 'complaint',
        about: 'peer-unreachable',
        text: 'Cannot open channel to 2 at election address /10.0.0.2:3888',
      },
    ],
  ])('%s', async (message, event) => {
    expect(await toldBy(message)).toEqual([event]);
  });

  test('a full disk ends the server', async () => {
    const text =
      'Severe unrecoverable error, from thread : SyncThread:1: java.io.IOException: No space left on device';
    expect(await toldBy(`ZooKeeperCriticalThread: ${text.replace(': java', '\njava')}`)).toEqual([
      { kind: 'complaint', about: 'disk-full', text },
      { kind: 'ended', reason: text },
    ]);
  });

  test('a message over the limit is complained of, and ends the connection', async () => {
    const told = await toldBy(
      'NIOServerCnxn: Close of session 0x100a2b3c4d50001\njava.io.IOException: Len error. A message from /10.0.0.7:40000 with advertised length of 4194304',
    );
    expect(told).toMatchObject([
      { kind: 'complaint', about: 'buffer-limit' },
      { kind: 'session-detached', ...session },
    ]);
  });

  test('a complaint that is said again and again is told once in ten seconds', async () => {
    const text = 'QuorumCnxManager: Cannot open channel to 2 at election address /10.0.0.2:3888';
    expect(await toldBy(...Array.from({ length: 12 }, () => text))).toHaveLength(2);
  });

  test('connections without a session are nobody’s', async () => {
    expect(await toldBy('NIOServerCnxn: Close of session 0x0')).toEqual([]);
  });
});
