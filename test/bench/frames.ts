/**
 * Requests of one session, encoded before the clock starts. Sending one more changes its xid, and the number at the end of
 * its path where every request needs a path of its own; nothing is encoded or copied while the clock runs.
 */
import { OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { create } from '../../shared/protocol/create.ts';
import { deleteNode } from '../../shared/protocol/delete.ts';
import { getData } from '../../shared/protocol/get-data.ts';
import { encodeRequestHeader } from '../../shared/protocol/header.ts';
import { setData } from '../../shared/protocol/set-data.ts';

export type FrameKind = 'create' | 'delete' | 'set' | 'get' | 'mix';

/** Nodes of each session that are set and read. */
export const KEYS_PER_SESSION = 1000;
export const DATA_BYTES = 100;
/** Of the mix: one write in so many requests. */
const MIX_PERIOD = 10;

/** Frames in a ring; a multiple of {@link MIX_PERIOD}, and far more than are ever outstanding. */
const RING_FRAMES = 2000;
const NUMBER_DIGITS = 8;
/** Length, xid, type, and the length of the path: the path begins behind them. */
const PATH_AT = 16;

const DATA = new Uint8Array(DATA_BYTES).fill(0x7a);

/** The parent of all nodes of one session. */
export function folderOf(session: number): string {
  return `/bench-${session}`;
}

/** `k` for nodes that stay, `n` for those that a load creates. */
function numbered(session: number, letter: 'k' | 'n', number: number): string {
  return `${folderOf(session)}/${letter}${String(number).padStart(NUMBER_DIGITS, '0')}`;
}

export function createFrame(xid: number, path: string): Uint8Array {
  return frame(xid, create.opCode, (writer) => {
    create.encodeRequest(writer, { path, data: DATA, acl: OPEN_ACL_UNSAFE, flags: 0 });
  });
}

/** The frame that makes a key which is set and read later. */
export function keyFrame(session: number, key: number): Uint8Array {
  return createFrame(key, numbered(session, 'k', key));
}

function frame(xid: number, type: number, encode: (writer: JuteWriter) => void): Uint8Array {
  const writer = new JuteWriter();
  const at = writer.beginFrame();
  encodeRequestHeader(writer, { xid, type });
  encode(writer);
  writer.endFrame(at);
  return writer.finish();
}

function frameOf(kind: FrameKind, session: number, index: number): Uint8Array {
  const key = numbered(session, 'k', index % KEYS_PER_SESSION);
  switch (kind) {
    case 'create':
      return createFrame(0, numbered(session, 'n', 0));
    case 'delete':
      return frame(0, deleteNode.opCode, (writer) => {
        deleteNode.encodeRequest(writer, { path: numbered(session, 'n', 0), version: -1 });
      });
    case 'set':
      return frame(0, setData.opCode, (writer) => {
        setData.encodeRequest(writer, { path: key, data: DATA, version: -1 });
      });
    case 'get':
      return frame(0, getData.opCode, (writer) => {
        getData.encodeRequest(writer, { path: key, watch: false });
      });
    case 'mix':
      return frameOf(index % MIX_PERIOD === 0 ? 'set' : 'get', session, index);
  }
}

/** Requests in an order. */
export interface Frames {
  /** Hands the next `count` of them to `send`, in as few pieces as there can be. */
  next(count: number, send: (bytes: Uint8Array) => void): void;
}

/** The same requests over and over. */
export class FrameRing implements Frames {
  readonly #bytes: Buffer;
  /** Where each frame begins; one more than there are frames. */
  readonly #starts: Int32Array;
  /** Where in a frame its number begins; undefined when its path stays as it is. */
  readonly #numberAt: number | undefined;
  #sent = 0;

  constructor(kind: FrameKind, session: number) {
    const frames = Array.from({ length: RING_FRAMES }, (_, index) => frameOf(kind, session, index));
    this.#bytes = Buffer.concat(frames);
    this.#starts = new Int32Array(RING_FRAMES + 1);
    for (const [index, { length }] of frames.entries()) {
      this.#starts[index + 1] = (this.#starts[index] ?? 0) + length;
    }
    const isNumbered = kind === 'create' || kind === 'delete';
    this.#numberAt = isNumbered ? PATH_AT + numbered(session, 'n', 0).length - NUMBER_DIGITS : undefined;
  }

  next(count: number, send: (bytes: Uint8Array) => void): void {
    for (let left = count; left > 0;) {
      const first = this.#sent % RING_FRAMES;
      const taken = Math.min(left, RING_FRAMES - first);
      for (let index = first; index < first + taken; index++) this.#renew(this.#starts[index] ?? 0);
      send(this.#bytes.subarray(this.#starts[first], this.#starts[first + taken]));
      left -= taken;
    }
  }

  #renew(at: number): void {
    const number = this.#sent++;
    this.#bytes.writeInt32BE(number, at + 4);
    if (this.#numberAt === undefined) return;
    let rest = number;
    for (let digit = at + this.#numberAt + NUMBER_DIGITS - 1; digit >= at + this.#numberAt; digit--) {
      this.#bytes[digit] = 0x30 + (rest % 10);
      rest = (rest - (rest % 10)) / 10;
    }
  }
}
