import fc from 'fast-check';
import { expect, test } from 'vitest';
import { CoreBench, type ProbeRequest, frame, probeRequest } from './core-bench.ts';

const RUNS = 10_000;

const bytes = fc.uint8Array({ maxLength: 200 });

/** Frames whose headers a session looks at, with anything behind. */
const plausibleFrame = fc
  .record({
    xid: fc.constantFrom(-8, -4, -2, -1, 0, 1, 2, 3),
    zxid: fc.bigInt({ min: -2n, max: 100n }),
    err: fc.constantFrom(0, 0, 0, -101, -4, 7),
    body: fc.oneof(bytes, fc.constant(Uint8Array.of(0, 0, 0, 3, 0, 0, 0, 3, 0, 0, 0, 2, 0x2f, 0x61))),
  })
  .map(({ xid, zxid, err, body }) =>
    frame((writer) => {
      writer.writeInt(xid);
      writer.writeLong(zxid);
      writer.writeInt(err);
      writer.writeRaw(body);
    }),
  );

const chunk = fc.oneof(
  bytes,
  plausibleFrame,
  fc
    .array(plausibleFrame, { maxLength: 4 })
    .map((frames) => Uint8Array.from(frames.flatMap((each) => [...each]))),
);

/** Whatever a server sends, the core neither throws nor forgets a request, and holds no more than a frame. */
test('any bytes after the handshake: no crash, every request settled once', () => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 6 }), (chunks) => {
      const bench = new CoreBench({ frameBytesMax: 4096 });
      bench.establish();
      bench.core.watches.addOneShot('data', '/a', () => undefined);
      const requests: ProbeRequest[] = [];
      for (const each of chunks) {
        if (bench.core.state === 'connected') requests.push(bench.request(probeRequest()));
        bench.receive(each);
      }
      expect(['connected', 'suspended', 'authFailed']).toContain(bench.core.state);
      bench.step({ type: 'abandon' });
      for (const request of requests) expect(request.result()).not.toBe('open');
    }),
    { numRuns: RUNS },
  );
});

test('any bytes instead of a handshake: no crash, connected or not', () => {
  fc.assert(
    fc.property(fc.array(chunk, { maxLength: 4 }), (chunks) => {
      const bench = new CoreBench({ frameBytesMax: 4096 });
      bench.step({ type: 'start' });
      bench.opened();
      for (const each of chunks) bench.receive(each);
      expect([
        'handshaking',
        'connected',
        'connectedReadOnly',
        'suspended',
        'expired',
        'authFailed',
      ]).toContain(bench.core.state);
    }),
    { numRuns: RUNS },
  );
});

type Step = 'request' | 'answer' | 'lost' | 'time' | 'event' | 'connect' | 'auth';

test('any course of a session: requests are settled once, in order of their calls on a connection', () => {
  const step = fc.constantFrom<Step>(
    'request',
    'request',
    'answer',
    'answer',
    'lost',
    'time',
    'event',
    'connect',
    'auth',
  );
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 40 }),
      fc.integer({ min: 1, max: 4 }),
      (steps, outstandingMax) => {
        const bench = new CoreBench({ outstandingMax, queuedMax: 5 });
        const requests: ProbeRequest[] = [];
        bench.step({ type: 'start' });
        let xid = 1;
        for (const each of steps) xid = play(bench, requests, each, xid);
        bench.step({ type: 'abandon' });
        for (const request of requests) expect(request.result()).not.toBe('open');
        expect(bench.core.deadlineMs).toBeUndefined();
      },
    ),
    { numRuns: 2_000 },
  );
});

/** Plays one step and returns the xid that the next answer must carry. */
function play(bench: CoreBench, requests: ProbeRequest[], step: Step, xid: number): number {
  const { state } = bench.core;
  switch (step) {
    case 'request':
      requests.push(bench.request(probeRequest()));
      return xid;
    case 'answer': {
      if (state !== 'connected' || bench.core.facts.outstandingCount === 0) return xid;
      bench.reply({ xid, zxid: 1n });
      expect(bench.core.state).toBe('connected');
      return xid + 1;
    }
    case 'lost': {
      if (state === 'suspended' || state === 'expired') return xid;
      const { outstandingCount } = bench.core.facts;
      bench.lost();
      return xid + outstandingCount;
    }
    case 'time': {
      const { outstandingCount } = bench.core.facts;
      if (bench.core.deadlineMs !== undefined) bench.passToDeadline();
      return bench.core.state === 'connected' ? xid : xid + outstandingCount;
    }
    case 'event':
      if (state === 'connected') bench.event('NodeCreated', '/a');
      return xid;
    case 'connect':
      if (state === 'suspended') bench.passToDeadline();
      if (bench.core.state === 'connecting') bench.opened();
      if (bench.core.state === 'handshaking') bench.accept();
      return xid;
    case 'auth':
      bench.step({
        type: 'addAuth',
        credential: { scheme: 'digest', auth: new Uint8Array(0) },
        settle: () => undefined,
      });
      if (state === 'connected') bench.reply({ xid: -4 }, false);
      return xid;
  }
}
