/**
 * The one message of the election protocol: what its sender votes for, or whom it follows (ZooKeeper's
 * FastLeaderElection.buildMsg; PROTOCOL.md 4.2). Three lengths are in use: 28 bytes (before 3.4), 40 (before 3.4.6),
 * 44 and the sender's configuration (since 3.5).
 */
import { ProtocolError } from '../../shared/errors.ts';
import type { Sid } from '../../shared/ids.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { decodeUtf8, encodeUtf8 } from '../../shared/jute/utf8.ts';
import type { JuteWriter } from '../../shared/jute/writer.ts';
import { type Zxid, toZxid, zxidEpoch } from '../../shared/zxid.ts';
import { readSmallLong } from './small-long.ts';

/** In the order of the wire's numbers. */
const PEER_STATES = ['LOOKING', 'FOLLOWING', 'LEADING', 'OBSERVING'] as const;
export type PeerState = (typeof PEER_STATES)[number];

export interface Notification {
  /** Of the sender. */
  readonly peerState: PeerState;
  /** Whom it votes for; LONG_MIN of an observer, as are zxid and peerEpoch. */
  readonly leader: Sid;
  /** The last zxid of whom it votes for. */
  readonly zxid: Zxid;
  /** The election round that the sender is in. */
  readonly logicalClock: number;
  /** The currentEpoch of whom it votes for. */
  readonly peerEpoch: number;
  /** Of the message: 0 before 3.4.6, 1 before 3.5, 2 since. */
  readonly version: number;
  /** Text of the configuration that the sender has committed; undefined before 3.5. */
  readonly config: string | undefined;
}

export const NOTIFICATION_VERSION = 2;
export const NOTIFICATION_BYTES_MAX = 512 * 1024;

const BYTES_BEFORE_34 = 28;
const BYTES_BEFORE_346 = 40;
const VERSION_WITH_CONFIG = 2;

/** `Notification => state(int) leader(long) zxid(long) round(long) peerEpoch(long) version(int) config(buffer)` */
export function encodeNotification(writer: JuteWriter, notification: Notification): void {
  writer.writeInt(PEER_STATES.indexOf(notification.peerState));
  writer.writeLong(BigInt(notification.leader));
  writer.writeLong(notification.zxid);
  writer.writeLong(BigInt(notification.logicalClock));
  writer.writeLong(BigInt(notification.peerEpoch));
  writer.writeInt(notification.version);
  if (notification.version >= VERSION_WITH_CONFIG) writer.writeBuffer(encodeUtf8(notification.config ?? ''));
}

/** Throws ProtocolError on a message that is too short, of an unknown state or with a configuration that is not there. */
export function decodeNotification(bytes: Uint8Array): Notification {
  const reader = new JuteReader(bytes);
  if (bytes.length < BYTES_BEFORE_34) {
    throw new ProtocolError('TRUNCATED', `a notification of ${bytes.length} bytes`);
  }
  const state = reader.readInt();
  const peerState = PEER_STATES[state];
  if (peerState === undefined) throw new ProtocolError('BAD_VALUE', `no server is in state ${state}`);
  const leader = readSmallLong(reader);
  const zxid = toZxid(reader.readLong());
  const logicalClock = readSmallLong(reader);
  const vote = { peerState, leader, zxid, logicalClock };
  if (bytes.length < BYTES_BEFORE_346) {
    const peerEpoch = bytes.length === BYTES_BEFORE_34 ? zxidEpoch(zxid) : readSmallLong(reader);
    return { ...vote, peerEpoch, version: 0, config: undefined };
  }
  const peerEpoch = readSmallLong(reader);
  const version = reader.remaining === 0 ? 0 : reader.readInt();
  const config = version >= VERSION_WITH_CONFIG ? reader.readBuffer() : null;
  return { ...vote, peerEpoch, version, config: config === null ? undefined : decodeUtf8(config) };
}
