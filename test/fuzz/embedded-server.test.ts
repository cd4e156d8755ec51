/**
 * Hostile bytes at the client port of the embedded server, in a process of its own as people run it: it must not end, must
 * not hang, must close the connection that misbehaves and go on serving everybody else.
 */
import net from 'node:net';
import { once } from 'node:events';
import { beforeAll, describe, expect, test } from 'vitest';
import { JUTE_MAXBUFFER_DEFAULT } from '../../shared/jute/frame-decoder.ts';
import { sendFourLetterWord } from '../../electron/client/four-letter-word.ts';
import { startBuiltin } from '../support/builtin-server.ts';
import type { RunningServer } from '../support/child-server.ts';
import { RawClient } from '../support/raw-client.ts';
import { within } from '../support/wait.ts';
import { Canary } from './canary.ts';
import { capturedFrames, framed, lengthHeader, toHex } from './fuzzed-frames.ts';
import { type Batch, connectRequest, planBatch, runBatch } from './hostile-client.ts';
import { Prng, fuzzSeed } from './prng.ts';
import { residentBytes } from './process-memory.ts';

const FRAMES_MIN = Number(process.env['ZABRA_FUZZ_FRAMES'] ?? 30_000);
const WORKERS = 8;
const CANARY_MS_MAX = 2000;
const MIB = 1024 * 1024;

const seed = fuzzSeed();
let server: RunningServer;

beforeAll(async () => {
  server = await startBuiltin({ maxClientCnxns: '0', '4lw.commands.whitelist': '*' });
  return () => server.stop();
});

/** What a person needs to find the frame at fault: the seed, and what was on its way when it happened. */
function describeFailure(error: unknown, inFlight: readonly (Batch | undefined)[]): Error {
  const batches = inFlight.flatMap((batch, worker) =>
    batch ? [`worker ${worker}, ${batch.kind}: ${batch.pieces.map(toHex).join(' ')}`] : [],
  );
  const message = [`ZABRA_FUZZ_SEED=${seed}`, ...batches, 'the server said:', server.output()].join('\n');
  return new Error(message, { cause: error });
}

/** Runs batches on several connections at a time until enough frames were sent. */
async function fuzz(): Promise<{ frames: number; batches: number }> {
  const corpus = capturedFrames('client');
  const inFlight: (Batch | undefined)[] = [];
  let frames = 0;
  let batches = 0;
  const work = async (worker: number): Promise<void> => {
    const prng = new Prng(seed).fork(worker);
    while (frames < FRAMES_MIN) {
      const batch = planBatch(prng, corpus);
      inFlight[worker] = batch;
      frames += batch.frameCount;
      batches++;
      await runBatch(server, batch);
      inFlight[worker] = undefined;
    }
  };
  try {
    await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
  } catch (error) {
    throw describeFailure(error, inFlight);
  }
  return { frames, batches };
}

/** Frames that the server took for requests, as it counts them itself. */
async function packetsReceived(): Promise<number> {
  const answer = await sendFourLetterWord(server, 'mntr', { timeoutMs: 5000 });
  if (answer.status !== 'ok') throw new Error(`mntr: ${answer.status}`);
  return Number(/^zk_packets_received\t(\d+)$/m.exec(answer.text)?.[1]);
}

describe('fuzz: the client port of the embedded server', () => {
  test(`${FRAMES_MIN} hostile frames, seed ${seed}: nobody else notices`, async () => {
    const canary = await Canary.start(server);
    const before = await packetsReceived();
    const { frames } = await fuzz();
    const { worstMs, rounds } = await canary.stop();
    expect(frames).toBeGreaterThanOrEqual(FRAMES_MIN);
    // Many a frame ends its connection, and those behind it are never read; most must get through all the same.
    expect((await packetsReceived()) - before - 2 * rounds).toBeGreaterThan(frames / 4);
    expect(rounds).toBeGreaterThan(10);
    expect(worstMs).toBeLessThan(CANARY_MS_MAX);
    (await RawClient.connect(server)).destroy();
  });

  test.each([-1, -0x8000_0000, JUTE_MAXBUFFER_DEFAULT + 1, 0x7fff_ffff])(
    'a frame announced with %i bytes closes its connection at once',
    async (length) => {
      const client = await RawClient.connect(server);
      client.sendBytes(lengthHeader(length));
      await client.expectClosed();
    },
  );

  test.runIf(process.platform === 'linux')(
    'frames of the largest size that are announced and never sent cost next to nothing',
    async () => {
      const count = 200;
      const canary = await Canary.start(server);
      const before = residentBytes(server.pid);
      const sockets = await Promise.all(Array.from({ length: count }, () => announceLargest()));
      const grown = residentBytes(server.pid) - before;
      for (const socket of sockets) socket.destroy();
      const { worstMs } = await canary.stop();
      // 200 MiB were announced; sessions and buffers of 200 connections are all that may be there.
      expect(grown).toBeLessThan(64 * MIB);
      expect(worstMs).toBeLessThan(CANARY_MS_MAX);
    },
  );
});

/** A session that announces the largest frame and sends ten bytes of it; resolves when the server has had the time. */
async function announceLargest(): Promise<net.Socket> {
  const socket = net.connect({ host: server.host, port: server.port, noDelay: true });
  socket.on('error', () => undefined);
  socket.write(framed(connectRequest()));
  await within('a session is established', once(socket, 'data'));
  socket.write(lengthHeader(JUTE_MAXBUFFER_DEFAULT));
  await new Promise<void>((resolve) => {
    socket.write(new Uint8Array(10), () => {
      resolve();
    });
  });
  return socket;
}
