/** How what several servers say becomes one list of sessions, and what would follow from the end of one. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseCons } from '../../../../../electron/services/cluster/four-letter-words/cons.ts';
import { parseDump } from '../../../../../electron/services/cluster/four-letter-words/dump.ts';
import { previewEnd } from '../../../../../electron/services/sessions/end-preview.ts';
import { hostOf, joinSessions } from '../../../../../electron/services/sessions/join-sessions.ts';

describe('sessions of several servers', () => {
  const read = (name: string): string => readFileSync(path.resolve('test/fixtures/4lw', name), 'utf8');
  const leader = {
    server: 'l:1',
    role: 'leader',
    cons: parseCons(read('cons-leader.txt')),
    heardAtMs: () => 123,
    dump: parseDump(read('dump-leader.txt')),
  } as const;
  const follower = {
    server: 'f:1',
    role: 'follower',
    cons: parseCons(read('cons-follower.txt')),
    heardAtMs: () => 123,
    dump: parseDump(read('dump-follower.txt')),
  } as const;
  const own = {
    ownSessionIds: new Set(['0x100001a2b380000']),
    chroot: '',
    labels: new Map<string, string>(),
    nowMs: 0,
  };

  test('connections, ends and ephemerals of several servers make one list', () => {
    const sessions = joinSessions([follower, leader], own);
    expect(sessions.map(({ sessionId, server, isOwn }) => ({ sessionId, server, isOwn }))).toEqual([
      { sessionId: '0x100001a2b380000', server: 'f:1', isOwn: true },
      { sessionId: '0x300001a2b480000', server: 'l:1', isOwn: false },
    ]);
    expect(sessions[0]).toMatchObject({
      expiresAtMs: Date.UTC(2026, 10, 21, 7, 58, 0),
      ephemerals: ['/follower-eph', '/follower-eph2'],
      timeoutMs: 30_000,
      serverRole: 'follower',
    });
  });

  test('without the leader nobody knows when sessions end; a session elsewhere has no address', () => {
    const sessions = joinSessions([follower], own);
    expect(sessions.map(({ expiresAtMs }) => expiresAtMs)).toEqual([null, null]);
    expect(sessions.find(({ sessionId }) => sessionId === '0x300001a2b480000')).toMatchObject({
      server: null,
      address: null,
      timeoutMs: 30_000,
      ephemerals: ['/leader-eph', '/leader-eph2'],
    });
  });

  test('hidden is not none', () => {
    expect(joinSessions([{ ...leader, dump: undefined }], own)[0]).toMatchObject({
      ephemerals: null,
      expiresAtMs: null,
    });
    expect(joinSessions([{ ...leader, cons: undefined }], own)[0]).toMatchObject({
      address: null,
      server: null,
    });
    expect(joinSessions([{ ...leader, dump: undefined, cons: undefined }], own)).toEqual([]);
  });

  test('ephemerals have the names that a connection with a chroot gives them', () => {
    const dump = parseDump('ephemeral nodes dump:\n0x5:\n\t/app/lock\n\t/other\n')!;
    const session = { ...leader, cons: parseCons(' /h:1[1](queued=0,recved=1,sent=1,sid=0x5)\n'), dump };
    expect(joinSessions([session], { ...own, chroot: '/app' })[0]?.ephemerals).toEqual(['/lock']);
  });

  test('a name of the session counts for more than one of its host, and none is null', () => {
    const nameBy = (labels: readonly (readonly [string, string])[]): unknown =>
      joinSessions([leader], { ...own, labels: new Map(labels) })[0]?.label;
    const sessionId = joinSessions([leader], own)[0]!.sessionId;
    expect(nameBy([])).toBeNull();
    expect(nameBy([['127.0.0.1', 'everybody here']])).toEqual({ text: 'everybody here', of: 'host' });
    expect(
      nameBy([
        ['127.0.0.1', 'everybody here'],
        [sessionId, 'orders-worker-1'],
      ]),
    ).toEqual({ text: 'orders-worker-1', of: 'session' });
  });

  test('what the leader heard since cons was asked counts, but not where its clock is ahead', () => {
    const expiresAtMs = Date.UTC(2026, 10, 21, 7, 58, 0);
    const heard = (nowMs: number): unknown =>
      joinSessions([leader, follower], { ...own, nowMs })[0]?.lastHeardAtMs;
    expect(heard(expiresAtMs)).toBe(expiresAtMs - 33_000);
    expect(heard(expiresAtMs - 40_000)).toBe(123);
  });

  test('the host of an address is what stands before the port, also with colons in it', () => {
    expect(hostOf('10.0.0.7:4711')).toBe('10.0.0.7');
    expect(hostOf('0:0:0:0:0:0:0:1:4711')).toBe('0:0:0:0:0:0:0:1');
  });

  test('of thousands of ephemerals the list carries the first, and the number of all', () => {
    const paths = Array.from({ length: 3_000 }, (_, at) => `\t/members/m-${String(at).padStart(5, '0')}\n`);
    const dump = parseDump(`ephemeral nodes dump:\n0x5:\n${paths.join('')}`)!;
    const cons = parseCons(' /h:1[1](queued=0,recved=1,sent=1,sid=0x5)\n');
    const [session] = joinSessions([{ ...leader, cons, dump }], own);
    expect(session).toMatchObject({ ephemeralCount: 3_000, roleCount: 3_000 });
    expect(session?.ephemerals).toHaveLength(1_000);
    expect(session?.roles).toHaveLength(12);
  });
});

describe('preview of an end', () => {
  const dump = parseDump(
    [
      'SessionTracker dump:',
      'Session Sets (1)/(2):',
      '2 expire at Sat Nov 21 07:58:00 UTC 2026:',
      '\t0x1',
      '\t0x2',
      'ephemeral nodes dump:',
      '0x1:',
      '\t/app/locks/orders/_c_4f1c-lock-0000000041',
      '\t/other/x',
      '0x2:',
      '\t/app/locks/orders/_c_9b07-lock-0000000042',
    ].join('\n'),
  )!;
  const servers = [
    { server: 'l:1', role: 'leader', cons: undefined, heardAtMs: undefined, dump } as const,
  ] as const;

  test('what vanishes, and who has the lock next', () => {
    expect(previewEnd(servers, { sessionId: '0x1', chroot: '' })).toEqual({
      isListed: true,
      ephemerals: ['/app/locks/orders/_c_4f1c-lock-0000000041', '/other/x'],
      ephemeralCount: 2,
      outsideCount: 0,
      passages: [
        {
          recipe: 'lock',
          path: '/app/locks/orders',
          next: [{ node: '/app/locks/orders/_c_9b07-lock-0000000042', sessionId: '0x2' }],
        },
      ],
    });
  });

  test('what vanishes outside of the chroot is counted, not named', () => {
    expect(previewEnd(servers, { sessionId: '0x1', chroot: '/app' })).toMatchObject({
      ephemerals: ['/locks/orders/_c_4f1c-lock-0000000041'],
      ephemeralCount: 2,
      outsideCount: 1,
      passages: [{ path: '/locks/orders' }],
    });
  });

  test('a session that nobody lists; and ephemerals that nobody tells', () => {
    expect(previewEnd(servers, { sessionId: '0x9', chroot: '' })).toMatchObject({
      isListed: false,
      ephemerals: [],
    });
    const silent = [{ ...servers[0], dump: undefined }];
    expect(previewEnd(silent, { sessionId: '0x1', chroot: '' })).toMatchObject({
      ephemerals: null,
      ephemeralCount: null,
    });
  });
});
