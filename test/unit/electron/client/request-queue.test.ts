import { expect, test } from 'vitest';
import { RequestQueue } from '../../../../electron/client/request-queue.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import { probeRequest } from './core-bench.ts';

const LIMITS = { outstandingMax: 5_000, queuedMax: 5_000, queuedBytesMax: 1_000_000 };

test('xids go from the largest positive number back to 1', () => {
  const queue = new RequestQueue(LIMITS, 0x7fff_ffff);
  for (let count = 0; count < 2; count++) queue.enqueue(probeRequest().request);
  queue.pump(new JuteWriter());
  expect(queue.takeAnswered(0x7fff_ffff)).toBeDefined();
  expect(queue.takeAnswered(1)).toBeDefined();
});

test('thousands on the wire are matched in order', () => {
  const queue = new RequestQueue(LIMITS);
  const requests = Array.from({ length: 3_000 }, () => probeRequest().request);
  for (const request of requests) queue.enqueue(request);
  queue.pump(new JuteWriter());
  requests.forEach((request, at) => {
    expect(queue.takeAnswered(at + 2)).toBeUndefined();
    expect(queue.takeAnswered(at + 1)?.request).toBe(request);
  });
  expect(queue.outstandingCount).toBe(0);
});

test('drain: the sent ones first, then the queued ones, without those cancelled and answered', () => {
  const queue = new RequestQueue({ ...LIMITS, outstandingMax: 3 });
  const requests = Array.from({ length: 6 }, () => probeRequest().request);
  for (const request of requests) queue.enqueue(request);
  queue.pump(new JuteWriter());
  queue.takeAnswered(1);
  for (const at of [1, 4]) queue.cancel(requests[at] ?? expect.fail('there are six'));
  expect(queue.drain()).toEqual([requests[2], requests[3], requests[5]]);
  expect([queue.outstandingCount, queue.queuedCount, queue.drain()]).toEqual([0, 0, []]);
});
