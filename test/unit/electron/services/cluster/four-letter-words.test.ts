/** The four-letter words as Apache 3.8.0 answers them (test/fixtures/4lw), and what must not break on other texts. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';
import { parseConf } from '../../../../../electron/services/cluster/four-letter-words/conf.ts';
import { parseCons } from '../../../../../electron/services/cluster/four-letter-words/cons.ts';
import { parseDump } from '../../../../../electron/services/cluster/four-letter-words/dump.ts';
import { parseHash } from '../../../../../electron/services/cluster/four-letter-words/hash.ts';
import { metric, parseMntr } from '../../../../../electron/services/cluster/four-letter-words/mntr.ts';
import { parseSrvr } from '../../../../../electron/services/cluster/four-letter-words/srvr.ts';
import { parseWchs } from '../../../../../electron/services/cluster/four-letter-words/wchs.ts';

const FOLDER = path.resolve('test/fixtures/4lw');
const fixture = (word: string, server: 'standalone' | 'leader' | 'follower'): string =>
  readFileSync(path.join(FOLDER, `${word}-${server}.txt`), 'utf8');

const LEADER_SESSION = '0x300001a2b480000';
const FOLLOWER_SESSION = '0x100001a2b380000';

describe('srvr', () => {
  test('a leader of Apache 3.8.0', () => {
    expect(parseSrvr(fixture('srvr', 'leader'))).toEqual({
      version: '3.8.0',
      role: 'leader',
      zxid: '0x100000006',
      latencyMs: { min: 6, avg: 22.75, max: 44 },
      received: 6,
      sent: 5,
      connections: 2,
      outstanding: 0,
      nodeCount: 9,
    });
  });

  test('each role', () => {
    expect(parseSrvr(fixture('srvr', 'follower'))?.role).toBe('follower');
    expect(parseSrvr(fixture('srvr', 'standalone'))?.role).toBe('standalone');
    const readOnly =
      'Zookeeper version: 3.8.4-x, built on y\nREAD-ONLY mode; serving only read-only clients\nMode: read-only\n';
    expect(parseSrvr(readOnly)).toMatchObject({ version: '3.8.4', role: 'read-only', zxid: undefined });
    expect(parseSrvr('ClickHouse Keeper version: v24.1.1-abc\nMode: observer\n')).toMatchObject({
      role: 'observer',
    });
  });

  test('the embedded server is told from an Apache of the same version', () => {
    const builtin = 'Zookeeper version: 3.8.0-zabra-0.1.0, built on 2026-11-21 00:00 UTC\nMode: standalone\n';
    expect(parseSrvr(builtin)?.version).toBe('3.8.0-zabra');
  });

  test('another text is no answer', () => {
    for (const text of ['', 'HTTP/1.1 400 Bad Request\r\n\r\n', 'srvr is not executed']) {
      expect(parseSrvr(text)).toBeUndefined();
    }
  });
});

describe('mntr', () => {
  test('everything is kept, unchanged', () => {
    const text = fixture('mntr', 'leader');
    const mntr = parseMntr(text);
    expect(Object.keys(mntr?.values ?? {})).toHaveLength(text.trimEnd().split('\n').length);
    expect(mntr?.values.zk_avg_latency).toBe('22.75');
    expect(mntr?.role).toBe('leader');
    expect([metric(mntr, 'synced_followers'), metric(mntr, 'ephemerals_count')]).toEqual([2, 4]);
  });

  test('a metric that the server does not have, or that is no number, is not known', () => {
    const mntr = parseMntr('zk_version\t3.8.0-x\nzk_big\t9.007199254740993E15\n');
    expect([metric(mntr, 'version'), metric(mntr, 'nope'), metric(undefined, 'x')]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    expect(metric(mntr, 'big')).toBe(9_007_199_254_740_992);
    expect(parseMntr('no tabs here')).toBeUndefined();
  });
});

describe('cons', () => {
  test('a session, and a connection that has none', () => {
    const connections = parseCons(fixture('cons', 'follower'));
    expect(connections?.map(({ session }) => session?.sessionId)).toEqual([FOLLOWER_SESSION, undefined]);
    expect(connections?.[0]).toEqual({
      address: '127.0.0.1:46634',
      queued: 0,
      received: 4,
      sent: 4,
      session: {
        sessionId: FOLLOWER_SESSION,
        lastOperation: 'GETD',
        establishedAtMs: 1_795_247_848_005,
        timeoutMs: 30_000,
        lastCxid: '0x3',
        lastZxid: '0x100000006',
        lastResponseMs: 1_817_952,
        latencyMs: { min: 0, avg: 6, max: 10 },
      },
    });
  });

  test('nobody connected is an empty list; lines of another form are no answer', () => {
    expect(parseCons('\n')).toEqual([]);
    expect(parseCons('what is this\n')).toBeUndefined();
  });

  test('an IPv6 client, and a session that has not sent a request yet', () => {
    const line =
      ' /[0:0:0:0:0:0:0:1]:52862[1](queued=0,recved=1,sent=1,sid=0x2,lop=SESS,est=1,to=10000,lzxid=0xffffffffffffffff,lresp=1,llat=0,minlat=0,avglat=0,maxlat=0)\n';
    expect(parseCons(line)?.[0]).toMatchObject({
      address: '[0:0:0:0:0:0:0:1]:52862',
      session: { lastCxid: undefined, lastZxid: '0xffffffffffffffff' },
    });
  });
});

describe('dump', () => {
  const endsAtMs = Date.UTC(2026, 10, 21, 7, 58, 0);

  test('a leader knows when sessions end', () => {
    const dump = parseDump(fixture('dump', 'leader'));
    expect(dump?.sessions).toEqual(
      new Map([
        [FOLLOWER_SESSION, { expiresAtMs: endsAtMs, timeoutMs: undefined }],
        [LEADER_SESSION, { expiresAtMs: endsAtMs, timeoutMs: undefined }],
      ]),
    );
    expect(dump?.ephemerals.get(LEADER_SESSION)).toEqual(['/leader-eph', '/leader-eph2']);
    expect([...(dump?.connections ?? [])]).toEqual(['127.0.0.1:51824', '127.0.0.1:33378']);
  });

  test('a follower knows ids and timeouts', () => {
    const dump = parseDump(fixture('dump', 'follower'));
    expect(dump?.sessions.get(FOLLOWER_SESSION)).toEqual({ expiresAtMs: undefined, timeoutMs: 30_000 });
    expect(dump?.ephemerals.size).toBe(2);
  });

  test('connections in the last part are no sessions', () => {
    expect(parseDump(fixture('dump', 'standalone'))?.sessions.size).toBe(1);
  });

  test('a zone that has no fixed meaning makes the time unknown, not wrong', () => {
    const dump = parseDump('SessionTracker dump:\n1 expire at Sat Nov 21 09:29:47 CET 2026:\n\t0x5\n');
    expect(dump?.sessions.get('0x5')).toEqual({ expiresAtMs: undefined, timeoutMs: undefined });
    expect(parseDump('nothing of the kind')).toBeUndefined();
  });
});

test('wchs and conf', () => {
  expect(parseWchs(fixture('wchs', 'leader'))).toEqual({ connections: 1, paths: 1, watches: 1 });
  expect(parseWchs('')).toBeUndefined();
  expect(parseConf(fixture('conf', 'leader'))?.sid).toBe(3);
  expect(parseConf(fixture('conf', 'standalone'))?.values.get('maxSessionTimeout')).toBe('40000');
  expect(parseConf('no values')).toBeUndefined();
});

test('hash: the newest digest, as 64 bits in hex', () => {
  expect(parseHash('100000080: 5\n100000100: -1\n')).toEqual({ zxid: '0x100000100', value: 'f'.repeat(16) });
  expect(parseHash('0x80: 255')).toEqual({ zxid: '0x80', value: '00000000000000ff' });
  expect(parseHash('')).toBeUndefined();
  expect(parseHash('nonsense')).toBeUndefined();
});
