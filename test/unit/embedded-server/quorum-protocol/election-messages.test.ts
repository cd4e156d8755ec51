/** The election port's two messages, by bytes that Apache 3.8.0 sent (PROTOCOL.md 4.1, 4.2). */
import { describe, expect, test } from 'vitest';

import {
  decodeInitialMessage,
  encodeInitialMessage,
} from '../../../../embedded-server/quorum-protocol/initial-message.ts';
import {
  type Notification,
  decodeNotification,
  encodeNotification,
} from '../../../../embedded-server/quorum-protocol/notification.ts';
import { LONG_MIN } from '../../../../embedded-server/quorum-protocol/small-long.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import { toZxid } from '../../../../shared/zxid.ts';

const CAPTURED_INITIAL =
  'ffffffffffff0000' + '0000000000000003' + '0000000f' + Buffer.from('127.0.0.1:23883').toString('hex');

function bytesOf(hex: string): Uint8Array {
  return new Uint8Array(Buffer.from(hex, 'hex'));
}

function encoded(notification: Notification): string {
  const writer = new JuteWriter();
  encodeNotification(writer, notification);
  return Buffer.from(writer.finish()).toString('hex');
}

describe('election: initial message', () => {
  test('is encoded as Apache 3.8.0 sent it', () => {
    const writer = new JuteWriter();
    encodeInitialMessage(writer, { sid: 3, address: '127.0.0.1:23883' });
    expect(Buffer.from(writer.finish()).toString('hex')).toBe(CAPTURED_INITIAL);
  });

  test('is decoded, whatever follows it', () => {
    expect(decodeInitialMessage(bytesOf(`${CAPTURED_INITIAL}000000de`))).toEqual({
      message: { sid: 3, addresses: ['127.0.0.1:23883'] },
      length: 35,
    });
  });

  test('waits for every missing byte', () => {
    const whole = bytesOf(CAPTURED_INITIAL);
    for (let length = 0; length < whole.length; length++) {
      expect(decodeInitialMessage(whole.subarray(0, length))).toBeUndefined();
    }
  });

  test('version 2 names several addresses', () => {
    const text = 'a:1|[::1]:2';
    const hex = `ffffffffffff0001000000000000000200000${text.length.toString(16).padStart(3, '0')}`;
    const found = decodeInitialMessage(bytesOf(hex + Buffer.from(text).toString('hex')));
    expect(found?.message).toEqual({ sid: 2, addresses: ['a:1', '[::1]:2'] });
  });

  test('a peer from before 3.5 sends its bare sid', () => {
    expect(decodeInitialMessage(bytesOf('0000000000000007'))).toEqual({
      message: { sid: 7, addresses: [] },
      length: 8,
    });
  });

  test.each([
    ['an unknown version', 'fffffffffffffff0' + '0000000000000003' + '00000001' + '61'],
    ['an address of no bytes', 'ffffffffffff0000' + '0000000000000003' + '00000000'],
    ['an address of 2049 bytes', 'ffffffffffff0000' + '0000000000000003' + '00000801'],
    ['a sid beyond any number', 'ffffffffffff0000' + '7fffffffffffffff' + '00000001' + '61'],
  ])('%s is refused', (_, hex) => {
    expect(() => decodeInitialMessage(bytesOf(hex))).toThrow();
  });
});

describe('election: notification', () => {
  const notification: Notification = {
    peerState: 'FOLLOWING',
    leader: 3,
    zxid: toZxid(0x1_0000_0002n),
    logicalClock: 4,
    peerEpoch: 1,
    version: 2,
    config: 'version=0',
  };
  const head = '00000001' + '0000000000000003' + '0000000100000002' + '0000000000000004';

  test('has 44 bytes and the configuration', () => {
    const hex = encoded(notification);
    expect(hex).toBe(
      `${head}000000000000000100000002` + '00000009' + Buffer.from('version=0').toString('hex'),
    );
    expect(decodeNotification(bytesOf(hex))).toEqual(notification);
  });

  test('of an observer proposes nobody', () => {
    const observer: Notification = {
      ...notification,
      peerState: 'OBSERVING',
      leader: LONG_MIN,
      zxid: toZxid(-(2n ** 63n)),
      peerEpoch: LONG_MIN,
    };
    expect(encoded(observer)).toContain('80000000000000008000000000000000');
    expect(decodeNotification(bytesOf(encoded(observer)))).toEqual(observer);
  });

  test('of 28 bytes takes the epoch from the zxid, of 40 it has version 0', () => {
    const old = { ...notification, version: 0, config: undefined };
    expect(decodeNotification(bytesOf(head))).toEqual({ ...old, peerEpoch: 1 });
    expect(decodeNotification(bytesOf(`${head}000000000000000900000000`))).toEqual({
      ...old,
      peerEpoch: 9,
    });
  });

  test.each([
    ['too few bytes', head.slice(2)],
    ['an unknown state', `00000004${head.slice(8)}`],
    ['a configuration that is not there', `${head}000000000000000100000002` + '7fffffff'],
  ])('%s is refused', (_, hex) => {
    expect(() => decodeNotification(bytesOf(hex))).toThrow();
  });
});
