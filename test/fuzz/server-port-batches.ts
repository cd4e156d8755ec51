/**
 * What is sent to the ports between servers by whoever is no server: mostly what Zabra's own servers say, changed here and
 * there, opened by a greeting that gets past the door, so that the rest is read.
 */
import net from 'node:net';

import {
  encodeForwardedRequest,
  encodeIntBody,
  encodeLearnerInfo,
} from '../../embedded-server/quorum-protocol/packet-bodies.ts';
import { encodeInitialMessage } from '../../embedded-server/quorum-protocol/initial-message.ts';
import {
  NOTIFICATION_VERSION,
  type PeerState,
  encodeNotification,
} from '../../embedded-server/quorum-protocol/notification.ts';
import {
  NO_ZXID,
  type PacketName,
  PacketType,
  encodeQuorumPacket,
} from '../../embedded-server/quorum-protocol/quorum-packet.ts';
import { toSessionId } from '../../shared/ids.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { type Zxid, makeZxid, toZxid } from '../../shared/zxid.ts';
import { within } from '../support/wait.ts';
import { capturedFrames, framed, fuzzedFrame, lengthHeader } from './fuzzed-frames.ts';
import type { Prng } from './prng.ts';

const CLOSE_MS_MAX = 10_000;
const FRAMES_A_BATCH_MAX = 24;
/** No server of the ensemble: one that is could take part in an election, and say well-formed things that end an epoch. */
const STRANGER_SID = 99;
const INTRODUCTIONS: ReadonlySet<number> = new Set([PacketType.FOLLOWERINFO, PacketType.OBSERVERINFO]);
const PEER_STATES: readonly PeerState[] = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'];

export interface Batch {
  readonly pieces: readonly Uint8Array[];
  readonly frameCount: number;
}

function encoded(encode: (writer: JuteWriter) => void): Uint8Array {
  const writer = new JuteWriter();
  encode(writer);
  return writer.finish();
}

export function greetingOf(sid: number): Uint8Array {
  return encoded((writer) => {
    encodeInitialMessage(writer, { sid, address: '127.0.0.1:1' });
  });
}

function notifications(): readonly Uint8Array[] {
  return PEER_STATES.flatMap((peerState) =>
    [0, 1, NOTIFICATION_VERSION].map((version) =>
      encoded((writer) => {
        encodeNotification(writer, {
          peerState,
          leader: STRANGER_SID,
          zxid: toZxid(0n),
          logicalClock: 1,
          peerEpoch: 0,
          version,
          config: 'server.1=127.0.0.1:1:2:participant;127.0.0.1:3\nversion=0',
        });
      }),
    ),
  );
}

/** For the election port of a server; the greeting names one of its peers, a stranger, or nothing that can be read. */
export function planElectionBatch(prng: Prng, peers: readonly number[]): Batch {
  const corpus = notifications();
  const frames = Array.from({ length: 1 + prng.below(FRAMES_A_BATCH_MAX) }, () =>
    prng.chance(0.05) ? lengthHeader(prng.uint32()) : framed(fuzzedFrame(prng, corpus)),
  );
  const greeting = greetingOf(prng.chance(0.9) ? prng.pick(peers) : STRANGER_SID);
  const opening = prng.chance(0.2) ? fuzzedFrame(prng, [greeting]) : greeting;
  return chopped(prng, [opening, ...frames]);
}

export function packet(type: PacketName, zxid: Zxid, data: Uint8Array | null): Uint8Array {
  return encoded((writer) => {
    encodeQuorumPacket(writer, { type, zxid, data, authInfo: null });
  });
}

export function learnerInfo(epoch: number): Uint8Array {
  const data = encodeLearnerInfo({ sid: STRANGER_SID, protocolVersion: 0x10000, configVersion: 0n });
  return packet('FOLLOWERINFO', makeZxid({ epoch, counter: 0 }), data);
}

/** What brings a learner all the way into the broadcast. */
function openings(epoch: number): readonly Uint8Array[] {
  const epochStart = makeZxid({ epoch, counter: 0 });
  return [
    learnerInfo(epoch - 1),
    packet('ACKEPOCH', epochStart, encodeIntBody(epoch)),
    packet('ACK', epochStart, null),
  ];
}

function learnerPackets(epoch: number): readonly Uint8Array[] {
  const requests = capturedFrames('client').map((frame) => {
    const view = new DataView(frame.buffer, frame.byteOffset);
    const request = { sessionId: toSessionId(7n), xid: view.getInt32(0), type: view.getInt32(4) };
    return packet('REQUEST', NO_ZXID, encodeForwardedRequest({ ...request, body: frame.subarray(8) }));
  });
  const names = Object.keys(PacketType) as PacketName[];
  return [
    ...openings(epoch),
    ...names.map((name) => packet(name, makeZxid({ epoch, counter: 1 }), new Uint8Array(12))),
    ...requests,
  ];
}

/** For the quorum port of the leader of `epoch`. */
export function planQuorumBatch(prng: Prng, epoch: number): Batch {
  const corpus = learnerPackets(epoch);
  const frames = Array.from({ length: 1 + prng.below(FRAMES_A_BATCH_MAX) }, () => fuzzedFrame(prng, corpus));
  const opening = openings(epoch).slice(0, prng.below(4));
  return chopped(prng, [
    ...opening,
    ...frames.map((frame) => (opening.length === 0 ? asStranger(frame) : frame)),
  ]);
}

/** Type, zxid and length of an introduction come before the sid. */
function asStranger(frame: Uint8Array): Uint8Array {
  const isIntroduction =
    frame.length >= 24 && INTRODUCTIONS.has(new DataView(frame.buffer, frame.byteOffset).getInt32(0));
  if (!isIntroduction) return frame;
  const changed = frame.slice();
  new DataView(changed.buffer).setBigInt64(16, BigInt(STRANGER_SID));
  return changed;
}

function chopped(prng: Prng, frames: readonly Uint8Array[]): Batch {
  const bytes = new Uint8Array(Buffer.concat(frames));
  const cuts = Array.from({ length: prng.below(4) }, () => prng.below(bytes.length + 1)).sort(
    (a, b) => a - b,
  );
  const pieces = [...cuts, bytes.length].map((end, at) => bytes.subarray(at === 0 ? 0 : cuts[at - 1], end));
  return { pieces, frameCount: frames.length };
}

/** Sends it all and ends; resolves when the server has closed too. Rejects when it has not in time, or is not there. */
export async function sendBatch(port: number, { pieces }: Batch): Promise<void> {
  const { socket, closed } = dial(port, ...pieces);
  socket.end();
  await within('the server closes', closed, CLOSE_MS_MAX).finally(() => socket.destroy());
}

/** Without ending it: the server must close by itself. */
export async function expectClosedUpon(port: number, bytes: Uint8Array): Promise<void> {
  const { socket, closed } = dial(port, bytes);
  await within('the server closes', closed, CLOSE_MS_MAX).finally(() => socket.destroy());
}

export interface Dialled {
  readonly socket: net.Socket;
  /** Everything has left, or never will. */
  readonly sent: Promise<void>;
  /** Rejects when nobody listens. */
  readonly closed: Promise<void>;
}

export function dial(port: number, ...pieces: readonly Uint8Array[]): Dialled {
  const socket = net.connect({ host: '127.0.0.1', port, noDelay: true });
  socket.resume();
  const closed = new Promise<void>((resolve, reject) => {
    socket.on('close', () => {
      resolve();
    });
    socket.on('error', (error) => {
      // A reset is one way of being closed; a port that nobody listens on is another matter.
      if ('code' in error && error.code === 'ECONNREFUSED') reject(error);
    });
  });
  closed.catch(() => undefined);
  const sent = Promise.all(
    pieces.map(
      (piece) =>
        new Promise<void>((resolve) => {
          socket.write(piece, () => {
            resolve();
          });
        }),
    ),
  ).then(() => undefined);
  return { socket, sent, closed };
}
