/** Lines of Apache's logs that concern a diagnosis (electron/diagnosis/sources/log-marks.ts). */
import { expect, test } from 'vitest';
import { markLine, sidOfLine } from '../../../../electron/diagnosis/sources/log-marks.ts';

const FRONT =
  '2026-11-21 11:34:15,447 [QuorumPeer[myid=2](plain=127.0.0.1:28198)(secure=disabled)] INFO x.Y - ';

test.each([
  ['Expiring session 0x1a2b, timeout of 3000ms exceeded', { mark: 'session-expiring', sessionId: '0x1a2b' }],
  [
    'Invalid session 0x1a2b for client /127.0.0.1:4000, probably expired',
    { mark: 'session-refused', sessionId: '0x1a2b', address: '127.0.0.1:4000' },
  ],
  [
    'fsync-ing the write ahead log in SyncThread:1 took 1234ms which will adversely effect operation latency.',
    { mark: 'fsync-slow', durationMs: 1234 },
  ],
  ['java.io.IOException: No space left on device', { mark: 'disk-full' }],
  [
    'Error accepting new connection: Too many connections from /127.0.0.1 - max is 60',
    { mark: 'too-many-connections' },
  ],
  ['zxid lower 32 bits have rolled over, forcing re-election', { mark: 'zxid-rollover' }],
])('%s', (message, mark) => {
  expect(markLine(FRONT + message)?.line).toEqual(mark);
});

test('what does not concern a diagnosis is passed over', () => {
  expect(markLine(`${FRONT}Snapshot taken in 1 ms`)).toBeUndefined();
});

test('a line tells whose log it is', () => {
  expect(sidOfLine(FRONT)).toBe(2);
  expect(sidOfLine('2026-11-21 11:34:15,447 [main] INFO x.Y - started')).toBeUndefined();
});
