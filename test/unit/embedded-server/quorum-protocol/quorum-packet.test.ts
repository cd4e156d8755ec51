/** Packets between leader and learners, by bytes that Apache 3.8.0 sent (PROTOCOL.md 5.13), cut from a stream at any place. */
import { describe, expect, test } from 'vitest';

import {
  decodeForwardedRequest,
  decodeIntBody,
  decodeLearnerInfo,
  decodeRevalidated,
  decodeSessionTimeouts,
  encodeForwardedRequest,
  encodeIntBody,
  encodeLearnerInfo,
  encodeRevalidated,
  encodeSessionTimeouts,
} from '../../../../embedded-server/quorum-protocol/packet-bodies.ts';
import {
  type QuorumPacket,
  encodeQuorumPacket,
} from '../../../../embedded-server/quorum-protocol/quorum-packet.ts';
import { SNAPSHOT_SIGNATURE } from '../../../../embedded-server/quorum-protocol/snapshot-scanner.ts';
import {
  type QuorumMessage,
  QuorumStreamDecoder,
} from '../../../../embedded-server/quorum-protocol/stream-decoder.ts';
import { toSessionId } from '../../../../shared/ids.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import { toZxid } from '../../../../shared/zxid.ts';

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

function hexOf(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('hex');
}

function encode(...packets: QuorumPacket[]): Uint8Array {
  const writer = new JuteWriter();
  for (const packet of packets) encodeQuorumPacket(writer, packet);
  return writer.finish();
}

function decodeIn(stream: Uint8Array, chunkBytes: number): QuorumMessage[] {
  const messages: QuorumMessage[] = [];
  const decoder = new QuorumStreamDecoder((message) => messages.push(message));
  for (let at = 0; at < stream.length; at += chunkBytes) decoder.push(stream.subarray(at, at + chunkBytes));
  return messages;
}

const FOLLOWERINFO: QuorumPacket = {
  type: 'FOLLOWERINFO',
  zxid: toZxid(0n),
  data: encodeLearnerInfo({ sid: 1, protocolVersion: 0x10000, configVersion: 0n }),
  authInfo: null,
};
const REQUEST: QuorumPacket = {
  type: 'REQUEST',
  zxid: toZxid(-1n),
  data: bytesOf('0100001f6a18000000000000fffffff600002710'),
  authInfo: [{ scheme: 'ip', id: '127.0.0.1' }],
};
const SNAP: QuorumPacket = { type: 'SNAP', zxid: toZxid(5n), data: null, authInfo: null };

describe('quorum packets: bytes of Apache', () => {
  test('FOLLOWERINFO carries a LearnerInfo of 20 bytes', () => {
    expect(hexOf(FOLLOWERINFO.data!)).toBe('0000000000000001000100000000000000000000');
    expect(decodeLearnerInfo(FOLLOWERINFO.data)).toEqual({
      sid: 1,
      protocolVersion: 0x10000,
      configVersion: 0n,
    });
  });

  test('LEADERINFO carries the version, ACKEPOCH an epoch or -1', () => {
    expect(hexOf(encodeIntBody(0x10000))).toBe('00010000');
    expect(decodeIntBody(bytesOf('ffffffff'))).toBe(-1);
  });

  test('REQUEST carries session, xid, type and the record', () => {
    const request = decodeForwardedRequest(REQUEST.data);
    expect(request).toEqual({
      sessionId: toSessionId(0x0100_001f_6a18_0000n),
      xid: 0,
      type: -10,
      body: bytesOf('00002710'),
    });
    expect(encodeForwardedRequest(request)).toEqual(REQUEST.data);
  });

  test('a packet without data and ids ends in two times -1', () => {
    const uptodate: QuorumPacket = { type: 'UPTODATE', zxid: toZxid(-1n), data: null, authInfo: null };
    expect(hexOf(encode(uptodate))).toBe('0000000c' + 'ffffffffffffffff' + 'ffffffff' + 'ffffffff');
  });

  test('PING and REVALIDATE carry sessions', () => {
    const touched = [{ sessionId: toSessionId(7n), timeoutMs: 4000 }];
    expect(hexOf(encodeSessionTimeouts(touched))).toBe('000000000000000700000fa0');
    expect(decodeSessionTimeouts(encodeSessionTimeouts(touched))).toEqual(touched);
    expect(decodeSessionTimeouts(null)).toEqual([]);
    const valid = { sessionId: toSessionId(7n), isValid: true };
    expect(decodeRevalidated(encodeRevalidated(valid))).toEqual(valid);
  });

  test('a learner from before 3.4 is refused', () => {
    expect(() => decodeLearnerInfo(bytesOf('000000000000000100000000'))).toThrow();
  });
});

describe('quorum stream', () => {
  /** One session, one ACL, the root and a node "/a". */
  const body =
    '00000001' +
    '000000000000000700000fa0' +
    '00000001' +
    '0000000000000001' +
    '00000001' +
    '0000001f00000005776f726c6400000006616e796f6e65' +
    `0000000000000000${'00'.repeat(68)}` +
    `000000022f6100000001ff${'00'.repeat(68)}` +
    `000000012f`;
  const signature = `0000000a${Buffer.from(SNAPSHOT_SIGNATURE).toString('hex')}`;

  test.each([1, 2, 3, 7, 16, 61, 10_000])(
    'is cut alike when it comes in chunks of %i bytes',
    (chunkBytes) => {
      const stream = bytesOf(hexOf(encode(FOLLOWERINFO, SNAP)) + body + signature + hexOf(encode(REQUEST)));
      expect(decodeIn(stream, chunkBytes)).toEqual([
        { kind: 'packet', packet: FOLLOWERINFO },
        { kind: 'packet', packet: SNAP },
        { kind: 'snapshot', bytes: bytesOf(body) },
        { kind: 'packet', packet: REQUEST },
      ]);
    },
  );

  test.each([
    ['an unknown type', `00000063${'00'.repeat(8)}ffffffffffffffff`],
    ['too much data', `00000001${'00'.repeat(8)}7fffffff`],
    ['a negative length', `00000001${'00'.repeat(8)}fffffff0`],
    ['too many ids', `00000001${'00'.repeat(8)}ffffffff7fffffff`],
    ['a snapshot without its signature', `${hexOf(encode(SNAP))}${body}0000000a${'41'.repeat(10)}`],
    ['a snapshot of too many sessions', `${hexOf(encode(SNAP))}7fffffff`],
  ])('%s is refused', (_, hex) => {
    expect(() => decodeIn(bytesOf(hex), 5)).toThrow();
  });
});
