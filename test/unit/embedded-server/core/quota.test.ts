/** Quotas: what counts, and what a hard limit refuses (PROTOCOL.md 2.14). */
import { beforeEach, describe, expect, test } from 'vitest';

import { parseQuota } from '../../../../embedded-server/core/quota.ts';
import { decodeUtf8, encodeUtf8 } from '../../../../shared/jute/utf8.ts';
import { create } from '../../../../shared/protocol/create.ts';
import { deleteNode } from '../../../../shared/protocol/delete.ts';
import { ErrorCode } from '../../../../shared/protocol/error-code.ts';
import { getData } from '../../../../shared/protocol/get-data.ts';
import { multi } from '../../../../shared/protocol/multi.ts';
import { setData } from '../../../../shared/protocol/set-data.ts';
import { type HarnessClient, ServerHarness, creation } from '../server-harness.ts';

describe('quota: text', () => {
  test('limits and hard limits are read out of one line', () => {
    expect(parseQuota('count=3,bytes=20=;byteHardLimit=10;countHardLimit=4')).toEqual({
      count: 3,
      bytes: 20,
      countHard: 4,
      bytesHard: 10,
    });
  });

  test.each(['', 'nonsense', 'count=,bytes=x', 'count=1.5'])('%j sets no limit', (text) => {
    expect(parseQuota(text)).toEqual({ count: -1, bytes: -1, countHard: -1, bytesHard: -1 });
  });
});

function limit(client: HarnessClient, limits: string): void {
  client.call(create, creation('/q'));
  client.call(create, creation('/zookeeper/quota/q', { data: null }));
  client.call(create, creation('/zookeeper/quota/q/zookeeper_limits', { data: limits }));
  client.call(create, creation('/zookeeper/quota/q/zookeeper_stats', { data: 'count=0,bytes=0' }));
}

function statsOf(client: HarnessClient): string {
  const { data } = client.call(getData, { path: '/zookeeper/quota/q/zookeeper_stats', watch: false });
  return decodeUtf8(data ?? new Uint8Array(0));
}

describe('quota: counting', () => {
  let client: HarnessClient;
  beforeEach(() => {
    client = new ServerHarness().connect();
    limit(client, 'count=1,bytes=1');
  });

  test('begins with what is there, the node itself included', () => {
    expect(statsOf(client)).toBe('count=1,bytes=4');
  });

  test('follows creations, changes and deletions below', () => {
    client.call(create, creation('/q/a', { data: '12345' }));
    expect(statsOf(client)).toBe('count=2,bytes=9');
    client.call(setData, { path: '/q/a', data: encodeUtf8('1'), version: -1 });
    expect(statsOf(client)).toBe('count=2,bytes=5');
    client.call(deleteNode, { path: '/q/a', version: -1 });
    expect(statsOf(client)).toBe('count=1,bytes=4');
  });

  test('leaves the stat of the counter and the tree digest alone', () => {
    const harness = new ServerHarness();
    const other = harness.connect();
    limit(other, 'count=1,bytes=1');
    other.call(create, creation('/q/a'));
    const { stat } = other.call(getData, { path: '/zookeeper/quota/q/zookeeper_stats', watch: false });
    expect(stat.version).toBe(0);
    expect(harness.server.stats.digestMismatches).toBe(0);
  });

  test('ends when the limits are deleted', () => {
    client.call(deleteNode, { path: '/zookeeper/quota/q/zookeeper_limits', version: -1 });
    client.call(create, creation('/q/a'));
    expect(statsOf(client)).toBe('count=1,bytes=4');
  });
});

describe('quota: enforcement', () => {
  test('a soft limit refuses nothing, nor does a hard one unless enforced', () => {
    const client = new ServerHarness().connect();
    limit(client, 'count=1,bytes=1=;byteHardLimit=1;countHardLimit=1');
    expect(client.errorOf(create, creation('/q/a'))).toBe(0);
  });

  test('the hard count is reached, not passed', () => {
    const client = new ServerHarness({ enforceQuota: 'true' }).connect();
    limit(client, 'count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=2');
    expect(client.errorOf(create, creation('/q/a'))).toBe(0);
    expect(client.errorOf(create, creation('/q/b'))).toBe(ErrorCode.QUOTAEXCEEDED);
    client.call(deleteNode, { path: '/q/a', version: -1 });
    expect(client.errorOf(create, creation('/q/b'))).toBe(0);
  });

  test('the hard bytes hold for new data, are checked before the version, and let data shrink', () => {
    const client = new ServerHarness({ enforceQuota: 'true' }).connect();
    limit(client, 'count=-1,bytes=-1=;byteHardLimit=10;countHardLimit=-1');
    client.call(create, creation('/q/a', { data: '123456' }));
    const grown = { path: '/q/a', data: encodeUtf8('1234567'), version: 99 };
    expect(client.errorOf(setData, grown)).toBe(ErrorCode.QUOTAEXCEEDED);
    expect(client.errorOf(setData, { ...grown, data: null })).toBe(ErrorCode.BADVERSION);
  });

  test('who is over a limit already may still do what does not add to it', () => {
    const client = new ServerHarness({ enforceQuota: 'true' }).connect();
    limit(client, 'count=-1,bytes=-1=;byteHardLimit=1;countHardLimit=0');
    expect(client.errorOf(setData, { path: '/q', data: encodeUtf8('123'), version: -1 })).toBe(0);
    expect(client.errorOf(create, creation('/q/a', { data: null }))).toBe(ErrorCode.QUOTAEXCEEDED);
  });

  test('a multi that would pass the limit changes nothing', () => {
    const client = new ServerHarness({ enforceQuota: 'true' }).connect();
    limit(client, 'count=-1,bytes=-1=;byteHardLimit=-1;countHardLimit=1');
    const results = client.call(multi, [
      { op: 'setData', request: { path: '/q', data: null, version: -1 } },
      { op: 'create', request: creation('/q/a') },
    ]);
    expect(results.map((result) => (result.op === 'error' ? result.err : 'done'))).toEqual([
      0,
      ErrorCode.QUOTAEXCEEDED,
    ]);
    expect(statsOf(client)).toBe('count=1,bytes=4');
  });
});
