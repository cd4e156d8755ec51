/** The first message at an election port, with the example that PROTOCOL.md 4.1 captured from Apache ZooKeeper. */
import { expect, test } from 'vitest';

import { withGreetingAddress } from '../../../../embedded-server/launcher/election-greeting.ts';

const GREETING = Buffer.concat([
  Buffer.from('ffffffffffff000000000000000000030000000f', 'hex'),
  Buffer.from('127.0.0.1:23883'),
]);
const EXPECTED = Buffer.concat([
  Buffer.from('ffffffffffff000000000000000000030000000b', 'hex'),
  Buffer.from('127.0.0.1:9'),
]);
const BACK = '127.0.0.1:9';

test('greeting: the address is replaced, and what follows it stays', () => {
  const vote = Buffer.from('vote');
  expect(withGreetingAddress(GREETING, BACK)).toEqual(EXPECTED);
  expect(withGreetingAddress(Buffer.concat([GREETING, vote]), BACK)).toEqual(Buffer.concat([EXPECTED, vote]));
});

test('greeting: every shorter beginning asks for more', () => {
  for (let length = 0; length < GREETING.length; length++) {
    expect(withGreetingAddress(GREETING.subarray(0, length), BACK)).toBeUndefined();
  }
});

test('greeting: the bare sid of an old server passes as it is', () => {
  const sid = Buffer.from('0000000000000003', 'hex');
  expect(withGreetingAddress(sid, BACK)).toEqual(sid);
});

test.each([0, -1, 2049])('greeting: an address of %d bytes passes for the server to refuse', (length) => {
  const bad = Buffer.from(GREETING);
  bad.writeInt32BE(length, 16);
  expect(withGreetingAddress(bad, BACK)).toEqual(bad);
});
