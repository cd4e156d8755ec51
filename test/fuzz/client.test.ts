/**
 * Hostile bytes from a server at the client: whatever comes, no exception escapes, every call is answered, every error is
 * one of ours, a connection that talks nonsense is dropped, and another client in the process does not notice.
 */
import { describe, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import { toSessionId } from '../../shared/ids.ts';
import { FrameDecoder } from '../../shared/jute/frame-decoder.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { encodeConnectResponse } from '../../shared/protocol/connect.ts';
import { decodeRequestHeader, encodeReplyHeader } from '../../shared/protocol/header.ts';
import { sync } from '../../shared/protocol/sync.ts';
import { ZXID_NONE } from '../../shared/zxid.ts';
import { FakeClock, FakeNetwork } from './fake-network.ts';
import { framed, lengthHeader, toHex } from './fuzzed-frames.ts';
import { FRAME_BYTES_MAX, HostileSession } from './hostile-session.ts';
import { Prng, fuzzSeed } from './prng.ts';

const FRAMES_MIN = Number(process.env['ZABRA_FUZZ_FRAMES'] ?? 30_000);
const STEPS_A_SESSION = 40;
const STEP_MS_MAX = 1000;

const seed = fuzzSeed();

/** A client of an honest server, in the same process. */
class CanaryClient {
  readonly #clock = new FakeClock(new Prng(1));
  readonly #network = new FakeNetwork();
  readonly #client = new ZooKeeperClient({
    connectString: '10.0.0.3:2181',
    transport: this.#network,
    clock: this.#clock,
  });

  async start(): Promise<void> {
    const connected = this.#client.connect();
    const connection = this.#network.current!;
    connection.isOpen = true;
    connection.listener.onOpen();
    this.#answer((writer) => {
      encodeConnectResponse(writer, {
        protocolVersion: 0,
        timeoutMs: 30_000,
        sessionId: toSessionId(1n),
        password: new Uint8Array(16),
        readOnly: false,
      });
    });
    await connected;
    connection.sent = [];
  }

  /** Asks something and hears the right answer. */
  async sing(): Promise<void> {
    const answered = this.#client.sync('/');
    this.#clock.endTurn();
    let xid = 0;
    const onFrame = (frame: Uint8Array): void => {
      ({ xid } = decodeRequestHeader(new JuteReader(frame)));
    };
    const decoder = new FrameDecoder({ frameBytesMax: FRAME_BYTES_MAX, onFrame });
    for (const bytes of this.#network.current!.sent.splice(0)) decoder.push(bytes);
    this.#answer((writer) => {
      encodeReplyHeader(writer, { xid, zxid: ZXID_NONE, err: 0 });
      sync.encodeResponse(writer, { path: '/' });
    });
    await answered;
  }

  stop(): void {
    this.#client.abandon();
  }

  #answer(encode: (writer: JuteWriter) => void): void {
    const writer = new JuteWriter();
    encode(writer);
    this.#network.current!.listener.onChunk(framed(writer.finish()));
    this.#clock.endTurn();
  }
}

/** Runs one session to its end; what it cannot stand is named with the bytes that it was fed last. */
async function runSession(prng: Prng): Promise<{ frames: number; answered: number }> {
  const session = new HostileSession(prng);
  try {
    for (let at = 0; at < STEPS_A_SESSION; at++) {
      const startMs = performance.now();
      session.step();
      const tookMs = performance.now() - startMs;
      if (tookMs > STEP_MS_MAX) throw new Error(`a step took ${tookMs} ms`);
    }
    await session.end();
  } catch (error) {
    throw new Error(`ZABRA_FUZZ_SEED=${seed}, fed last: ${toHex(session.lastBytes)}`, { cause: error });
  }
  return session;
}

function establishedSession(part: number): HostileSession {
  const session = new HostileSession(new Prng(seed).fork(part));
  session.establish();
  return session;
}

describe('fuzz: the client', () => {
  test(`${FRAMES_MIN} hostile frames, seed ${seed}: no exception, no call without an answer`, async () => {
    const canary = new CanaryClient();
    await canary.start();
    let frames = 0;
    let answered = 0;
    for (let part = 0; frames < FRAMES_MIN; part++) {
      const session = await runSession(new Prng(seed).fork(part));
      frames += session.frames;
      answered += session.answered;
      await canary.sing();
    }
    canary.stop();
    // Some lies must be believed, else the decoders behind the headers were never reached.
    expect(answered).toBeGreaterThan(FRAMES_MIN / 50);
  });

  test.each([-1, -0x8000_0000, FRAME_BYTES_MAX + 1, 0x7fff_ffff])(
    'a frame announced with %i bytes drops the connection and allocates nothing',
    async (length) => {
      const session = establishedSession(1);
      const before = process.memoryUsage().arrayBuffers;
      session.feed(lengthHeader(length));
      expect(session.isDropped).toBe(true);
      expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(FRAME_BYTES_MAX);
      await session.end();
    },
  );

  test('a frame of the largest size that never comes costs that size at most, until the connection is gone', async () => {
    const count = 20;
    const sessions = Array.from({ length: count }, (_, part) => establishedSession(part));
    const before = process.memoryUsage().arrayBuffers;
    for (const session of sessions) session.feed(lengthHeader(FRAME_BYTES_MAX));
    const grown = process.memoryUsage().arrayBuffers - before;
    expect(grown).toBeLessThan((count + 1) * FRAME_BYTES_MAX);
    for (const session of sessions) {
      expect(session.isDropped).toBe(false);
      await session.end();
    }
  });
});
