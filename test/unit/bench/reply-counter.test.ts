/** Replies are counted however the stream is cut. */
import { expect, test } from 'vitest';

import { ReplyCounter } from '../../bench/reply-counter.ts';

function reply(bodyBytes: number, error = 0): Buffer {
  const bytes = Buffer.alloc(20 + bodyBytes);
  bytes.writeInt32BE(bytes.length - 4);
  bytes.writeInt32BE(error, 16);
  return bytes;
}

const stream = Buffer.concat([reply(0), reply(168), reply(0, -110), reply(5), reply(1000)]);

test.each([1, 2, 3, 7, 19, 20, 21, 64, stream.length])('replies: counted in chunks of %i bytes', (size) => {
  const replies = new ReplyCounter();
  for (let at = 0; at < stream.length; at += size) replies.push(stream.subarray(at, at + size));
  expect(replies.count).toBe(5);
  expect(replies.errors).toBe(1);
});

test('replies: one that is not all there is not counted', () => {
  const replies = new ReplyCounter();
  replies.push(stream.subarray(0, stream.length - 1));
  expect(replies.count).toBe(4);
});
