/** The four-letter words, line by line as Apache 3.8.0 prints them (PROTOCOL.md 3.1). */
import { beforeEach, describe, expect, test } from 'vitest';

import { formatDouble, formatJavaDate } from '../../../../embedded-server/admin/format.ts';
import type { AdminView } from '../../../../embedded-server/admin/admin-view.ts';
import {
  answerFourLetterWord,
  isFourLetterWord,
} from '../../../../embedded-server/admin/four-letter-words.ts';
import { sessionIdToHex } from '../../../../shared/ids.ts';
import { create } from '../../../../shared/protocol/create.ts';
import { getChildren } from '../../../../shared/protocol/get-children.ts';
import { getData } from '../../../../shared/protocol/get-data.ts';
import { type HarnessClient, ServerHarness, creation } from '../server-harness.ts';

let harness: ServerHarness;
let client: HarnessClient;
let traceMask: { value: bigint };

beforeEach(() => {
  traceMask = { value: 306n };
  harness = new ServerHarness({ '4lw.commands.whitelist': '*' });
  client = harness.connect();
  client.call(create, creation('/e', { mode: 'EPHEMERAL' }));
  client.call(getData, { path: '/e', watch: true });
  client.call(getChildren, { path: '/', watch: true });
});

function ask(word: string, from = harness, argument?: Uint8Array): string {
  const view: AdminView = {
    server: from.server,
    version: '3.8.0-test, built on 2026-01-01 00:00 UTC',
    clientPort: 2181,
    rejectedConnections: 3,
    traceMask,
    storage: undefined,
    quorum: undefined,
    now: from.now,
  };
  return answerFourLetterWord(word, view, argument);
}

describe('four-letter words', () => {
  test('without a whitelist only srvr is answered', () => {
    const closed = new ServerHarness();
    expect(ask('srvr', closed)).toContain('Mode: standalone\n');
    expect(ask('ruok', closed)).toBe('ruok is not executed because it is not in the whitelist.\n');
    const some = new ServerHarness({ '4lw.commands.whitelist': 'ruok' });
    expect(ask('ruok', some)).toBe('imok');
    expect(ask('mntr', some)).toContain('not in the whitelist');
  });

  test('only words that exist are words', () => {
    expect(isFourLetterWord('mntr')).toBe(true);
    expect(isFourLetterWord('\0\0\0-')).toBe(false);
    expect(isFourLetterWord('toString')).toBe(false);
  });

  test('srvr', () => {
    expect(ask('srvr')).toBe(
      'Zookeeper version: 3.8.0-test, built on 2026-01-01 00:00 UTC\n' +
        'Latency min/avg/max: 0/0.0/0\n' +
        'Received: 4\n' +
        'Sent: 4\n' +
        'Connections: 1\n' +
        'Outstanding: 0\n' +
        'Zxid: 0x2\n' +
        'Mode: standalone\n' +
        'Node count: 6\n',
    );
  });

  test('stat has the connections behind the version, and an empty line behind them', () => {
    const lines = ask('stat').split('\n');
    expect(lines.slice(1, 5)).toEqual([
      'Clients:',
      ' /127.0.0.1:40001[1](queued=0,recved=4,sent=4)',
      '',
      'Latency min/avg/max: 0/0.0/0',
    ]);
  });

  test('cons has a line a connection, the short form for one without a session', () => {
    harness.open();
    const sid = sessionIdToHex(client.sessionId);
    expect(ask('cons')).toBe(
      ` /127.0.0.1:40001[1](queued=0,recved=4,sent=4,sid=${sid},lop=GETC,est=1700000001000,to=10000,lcxid=0x3,` +
        'lzxid=0x2,lresp=1000,llat=0,minlat=0,avglat=0,maxlat=0)\n' +
        ' /127.0.0.1:40002[1](queued=0,recved=0,sent=0)\n\n',
    );
  });

  test('dump has sessions and connections by when they expire, and the ephemerals', () => {
    const sid = sessionIdToHex(client.sessionId);
    expect(ask('dump')).toBe(
      'SessionTracker dump:\nSession Sets (1)/(1):\n' +
        `1 expire at Tue Nov 14 22:13:32 UTC 2023:\n\t${sid}\n` +
        `ephemeral nodes dump:\nSessions with Ephemerals (1):\n${sid}:\n\t/e\n` +
        'Connections dump:\nConnections Sets (1)/(1):\n' +
        `1 expire at Tue Nov 14 22:13:40 UTC 2023:\n\tip: /127.0.0.1:40001 sessionId: ${sid}\n`,
    );
  });

  test('the words about watches know of data watches only', () => {
    const sid = sessionIdToHex(client.sessionId);
    expect(ask('wchs')).toBe('1 connections watching 1 paths\nTotal watches:1\n');
    expect(ask('wchc')).toBe(`${sid}\n\t/e\n\n`);
    expect(ask('wchp')).toBe(`/e\n\t${sid}\n\n`);
  });

  test('conf shows what is in force, both session timeouts resolved', () => {
    expect(ask('conf')).toContain(
      'tickTime=2000\nmaxClientCnxns=60\nminSessionTimeout=4000\nmaxSessionTimeout=40000\n',
    );
  });

  test('mntr counts what Apache counts, under its keys', () => {
    const metrics = new Map(
      ask('mntr')
        .trimEnd()
        .split('\n')
        .map((line) => line.split('\t') as [string, string]),
    );
    expect(Object.fromEntries(metrics)).toMatchObject({
      zk_server_state: 'standalone',
      zk_ephemerals_count: '1',
      zk_znode_count: '6',
      zk_global_sessions: '1',
      zk_watch_count: '2',
      zk_packets_received: '4',
      zk_avg_latency: '0.0',
      zk_approximate_data_size: '50',
      zk_connection_rejected: '3',
      zk_cnt_updatelatency: '2',
      zk_cnt_readlatency: '2',
    });
    expect([...metrics.keys()].slice(0, 2)).toEqual(['zk_version', 'zk_server_state']);
  });

  test('crst and srst reset what they name', () => {
    expect(ask('srst')).toBe('Server stats reset.\n');
    expect(ask('srvr')).toContain('Received: 0\nSent: 0\n');
    expect(ask('crst')).toBe('Connection stats reset.\n');
    expect(ask('cons')).toContain('recved=0,sent=0,');
  });

  test('stmk sets what gtmk tells, signed', () => {
    expect(ask('stmk', harness, new Uint8Array([0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xfe]))).toBe('-2');
    expect(ask('gtmk')).toBe('-2');
  });

  test('hash has the digest behind every 128th transaction', () => {
    // The session's and the node's of the setup are 1 and 2.
    for (let count = 3; count <= 256; count++) client.call(create, creation(`/n${count}`));
    const lines = ask('hash').split('\n');
    expect(lines.map((line) => line.replace(/-?\d+$/, 'D'))).toEqual(['80: D', '100: D', '']);
    expect(lines[1]).toBe(`100: ${harness.server.database.tree.digest}`);
  });

  test('every word has an answer of its own', () => {
    for (const word of [
      'conf',
      'cons',
      'dump',
      'envi',
      'gtmk',
      'isro',
      'mntr',
      'ruok',
      'srvr',
      'stat',
      'wchs',
    ]) {
      expect(ask(word)).not.toBe('');
    }
    expect(ask('isro')).toBe('rw');
    expect(ask('gtmk')).toBe('306');
  });
});

describe('numbers and dates as Java prints them', () => {
  test.each([
    [0, '0.0'],
    [2, '2.0'],
    [0.1875, '0.1875'],
    [1 / 3, '0.3333'],
    [5.2, '5.2'],
  ])('%d is %s', (value, text) => {
    expect(formatDouble(value)).toBe(text);
  });

  test('a date', () => {
    expect(formatJavaDate(Date.UTC(2026, 10, 1, 2, 3, 4))).toBe('Sun Nov 01 02:03:04 UTC 2026');
  });
});
