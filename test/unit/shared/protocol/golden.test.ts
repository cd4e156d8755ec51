/**
 * The codecs against bytes that Apache ZooKeeper 3.8.0 itself sent (test/fixtures/wire, recorded by Capture.java): each
 * frame is read to its end and written again, byte for byte, and says what was done when it was recorded.
 */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { JuteReader } from '../../../../shared/jute/reader.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import {
  type ConnectRequest,
  type ConnectResponse,
  decodeConnectRequest,
  decodeConnectResponse,
  encodeConnectRequest,
  encodeConnectResponse,
} from '../../../../shared/protocol/connect.ts';
import {
  type ReplyHeader,
  decodeReplyHeader,
  decodeRequestHeader,
  encodeReplyHeader,
  encodeRequestHeader,
} from '../../../../shared/protocol/header.ts';
import { SpecialXid, opName } from '../../../../shared/protocol/op-code.ts';
import {
  type WatcherEvent,
  decodeWatcherEvent,
  encodeWatcherEvent,
} from '../../../../shared/protocol/watcher-event.ts';
import { sessionIdToHex, sessionPassword } from '../../../../shared/ids.ts';
import { type AnyOperation, OPERATIONS } from './operations.ts';

interface Frame {
  readonly from: 'client' | 'server';
  readonly hex: string;
}

const CAPTURE_FILE = new URL('../../../fixtures/wire/apache-3.8.0.json', import.meta.url);
const capture = JSON.parse(readFileSync(CAPTURE_FILE, 'utf8')) as Readonly<Record<string, readonly Frame[]>>;

/** One packet of a recording, decoded. */
type Packet =
  | { readonly kind: 'connectRequest'; readonly record: ConnectRequest }
  | { readonly kind: 'connectResponse'; readonly record: ConnectResponse }
  | { readonly kind: 'request'; readonly name: string; readonly xid: number; readonly record: unknown }
  | { readonly kind: 'reply'; readonly name: string; readonly header: ReplyHeader; readonly record: unknown }
  | { readonly kind: 'notification'; readonly header: ReplyHeader; readonly record: WatcherEvent };

function operationOf(type: number): AnyOperation {
  const operation = (OPERATIONS as Readonly<Record<string, AnyOperation>>)[opName(type) ?? ''];
  if (!operation) throw new Error(`no operation ${type}`);
  return operation;
}

/** Packets of a ConnectRequest's size that start with protocol version 0; an xid of 0 is never used. */
function isConnect(hex: string): boolean {
  return hex.startsWith('00000000') && hex.length >= 72;
}

/** Reads and writes the frames of a step in order, so that a reply finds the operation that its xid asked for. */
class Replay {
  readonly packets: Packet[] = [];
  readonly #asked = new Map<number, AnyOperation>();
  readonly #writer = new JuteWriter();

  take({ from, hex }: Frame): void {
    const reader = new JuteReader(Uint8Array.from(Buffer.from(hex, 'hex')));
    this.#writer.reset();
    if (isConnect(hex)) this.#takeConnect(from, reader);
    else if (from === 'client') this.#takeRequest(reader);
    else this.#takeReply(reader);
    reader.expectEnd();
    expect(Buffer.from(this.#writer.finish()).toString('hex')).toBe(hex);
  }

  #takeConnect(from: Frame['from'], reader: JuteReader): void {
    if (from === 'client') {
      const record = decodeConnectRequest(reader);
      encodeConnectRequest(this.#writer, record);
      this.packets.push({ kind: 'connectRequest', record });
    } else {
      const record = decodeConnectResponse(reader);
      encodeConnectResponse(this.#writer, record);
      this.packets.push({ kind: 'connectResponse', record });
    }
  }

  #takeRequest(reader: JuteReader): void {
    const header = decodeRequestHeader(reader);
    const operation = operationOf(header.type);
    this.#asked.set(header.xid, operation);
    const record = operation.decodeRequest(reader);
    encodeRequestHeader(this.#writer, header);
    operation.encodeRequest(this.#writer, record);
    this.packets.push({ kind: 'request', name: operation.name, xid: header.xid, record });
  }

  #takeReply(reader: JuteReader): void {
    const header = decodeReplyHeader(reader);
    encodeReplyHeader(this.#writer, header);
    if (header.xid === SpecialXid.notification) {
      const record = decodeWatcherEvent(reader);
      encodeWatcherEvent(this.#writer, record);
      this.packets.push({ kind: 'notification', header, record });
      return;
    }
    const operation = this.#asked.get(header.xid);
    if (!operation) throw new Error(`nothing was asked with xid ${header.xid}`);
    const record = header.err === 0 ? operation.decodeResponse(reader) : undefined;
    if (header.err === 0) operation.encodeResponse(this.#writer, record);
    this.packets.push({ kind: 'reply', name: operation.name, header, record });
  }
}

function replay(step: string): readonly Packet[] {
  const frames = capture[step];
  if (!frames) throw new Error(`no recording of ${step}`);
  const session = new Replay();
  for (const frame of frames) session.take(frame);
  return session.packets;
}

/** The first packet of a kind; for requests and replies, of an operation. */
function find<Kind extends Packet['kind']>(
  step: string,
  kind: Kind,
  name?: string,
): Extract<Packet, { kind: Kind }> {
  const found = replay(step).find(
    (packet): packet is Extract<Packet, { kind: Kind }> =>
      packet.kind === kind && (name === undefined || ('name' in packet && packet.name === name)),
  );
  if (!found) throw new Error(`${step} has no ${kind} ${name ?? ''}`);
  return found;
}

const GREETING = new TextEncoder().encode('grüße');
const OPEN = [{ perms: 31, id: { scheme: 'world', id: 'anyone' } }];

describe('frames of Apache 3.8.0', () => {
  test.each(Object.keys(capture))('%s: every frame is read to its end and written the same', (step) => {
    expect(replay(step).length).toBeGreaterThanOrEqual(2);
  });

  test('the recording has every operation that a stand-alone server without SASL answers', () => {
    const seen = new Set(
      Object.keys(capture).flatMap((step) => replay(step).map((p) => ('name' in p ? p.name : ''))),
    );
    const missing = Object.keys(OPERATIONS).filter((name) => !seen.has(name));
    // `check` has no life outside a multi.
    expect(missing).toEqual(['check', 'sasl']);
  });
});

describe('what the frames of Apache 3.8.0 say', () => {
  test('a new session and its password', () => {
    expect(find('connect', 'connectRequest').record).toMatchObject({
      protocolVersion: 0,
      lastZxidSeen: 0n,
      timeoutMs: 6000,
      sessionId: 0n,
      password: new Uint8Array(16),
      readOnly: false,
    });
    const response = find('connect', 'connectResponse').record;
    expect(response).toMatchObject({ timeoutMs: 6000, readOnly: false });
    expect(sessionIdToHex(response.sessionId)).toBe('0x100001e2fb70000');
    expect(response.password).toEqual(sessionPassword(response.sessionId));
  });

  test('a session that is not valid is all zeros', () => {
    expect(find('connect refused', 'connectResponse').record).toMatchObject({
      timeoutMs: 0,
      sessionId: 0n,
      password: new Uint8Array(16),
      readOnly: false,
    });
  });

  test('a client before 3.4 says nothing of readOnly, and hears nothing of it', () => {
    const request = decodeConnectRequest(new JuteReader(new Uint8Array(28)));
    expect(request.readOnly).toBeUndefined();
  });

  test('creates of every kind', () => {
    expect(find('create', 'request').record).toEqual({ path: '/a', data: GREETING, acl: OPEN, flags: 0 });
    expect(find('create', 'reply').record).toEqual({ path: '/a' });
    expect(find('create null data', 'request').record).toMatchObject({ path: '/null', data: null });
    expect(find('create2 ephemeral sequential', 'request').record).toMatchObject({
      data: new Uint8Array(0),
      flags: 3,
    });
    expect(find('create2 ephemeral sequential', 'reply').record).toMatchObject({
      path: '/a/e-0000000000',
      stat: { czxid: 4n, ephemeralOwner: 0x1_0000_1e2f_b700_00n, dataLength: 0 },
    });
    expect(find('createContainer', 'request')).toMatchObject({
      name: 'createContainer',
      record: { flags: 4 },
    });
    expect(find('createContainer', 'reply').record).toMatchObject({ stat: { ephemeralOwner: 0n } });
    expect(find('createTTL', 'request').record).toMatchObject({ flags: 5, ttlMs: 0xff_ffff_ffffn });
  });

  test.each([
    ['create fails NODEEXISTS', -110],
    ['exists fails NONODE', -101],
    ['setData fails BADVERSION', -103],
    ['delete fails NOTEMPTY', -111],
    ['removeWatches fails NOWATCHER', -121],
    ['reconfig fails RECONFIGDISABLED', -123],
  ])('%s: %i and no body', (step, err) => {
    expect(find(step, 'reply')).toMatchObject({ header: { err }, record: undefined });
  });

  test('null data is not empty data', () => {
    expect(find('getData null', 'reply').record).toMatchObject({ data: null, stat: { dataLength: 0 } });
    expect(find('getData', 'reply').record).toMatchObject({
      data: GREETING,
      stat: { dataLength: 7, numChildren: 1 },
    });
  });

  test('access control lists, the creator put in for auth', () => {
    expect(find('setACL', 'request').record).toMatchObject({
      acl: [{ id: { scheme: 'auth', id: '' } }, { perms: 1, id: { scheme: 'ip', id: '127.0.0.0/8' } }],
      version: -1,
    });
    expect(find('getACL', 'reply').record).toMatchObject({
      acl: [{ perms: 31, id: { scheme: 'digest', id: 'user:tpUq/4Pn5A64fVZyQ0gOJ8ZWqkY=' } }, { perms: 1 }],
      stat: { aversion: 1 },
    });
  });

  test('a multi of six parts', () => {
    const request = find('multi', 'request').record as readonly { op: string }[];
    expect(request.map(({ op }) => op)).toEqual([
      'create',
      'createContainer',
      'createTTL',
      'check',
      'setData',
      'delete',
    ]);
    const results = find('multi', 'reply').record as readonly { op: string }[];
    expect(results.map(({ op }) => op)).toEqual([
      'create',
      'create2',
      'create2',
      'check',
      'setData',
      'delete',
    ]);
  });

  test('a failed multi is a reply without an error', () => {
    expect(find('multi fails', 'reply')).toMatchObject({
      header: { err: 0 },
      record: [
        { op: 'error', err: 0 },
        { op: 'error', err: -103 },
        { op: 'error', err: -2 },
      ],
    });
  });

  test('parts of a multiRead fail each on its own', () => {
    expect(find('multiRead', 'reply').record).toMatchObject([
      { op: 'getData', data: GREETING },
      { op: 'getChildren', children: ['e-0000000000'] },
      { op: 'error', err: -101 },
    ]);
  });

  test('a notification comes before the reply to the write that fired it, with zxid -1', () => {
    const packets = replay('notification NodeDataChanged');
    const [event, reply] = packets.slice(-2);
    expect(event).toMatchObject({
      kind: 'notification',
      header: { xid: -1, zxid: -1n, err: 0 },
      record: { type: 3, state: 3, path: '/a' },
    });
    expect(reply).toMatchObject({ kind: 'reply', name: 'setData' });
  });

  test('watches are set again after a reconnect, under an ordinary xid', () => {
    const paths = { dataWatches: ['/a'], existWatches: ['/missing'], childWatches: ['/a'] };
    expect(find('setWatches', 'request', 'setWatches')).toMatchObject({ xid: 0x24, record: paths });
    expect(find('setWatches2', 'request', 'setWatches2').record).toMatchObject({
      ...paths,
      persistentWatches: ['/m'],
      persistentRecursiveWatches: ['/a'],
    });
  });

  test('who one is, what one owns, how much there is', () => {
    expect(find('whoAmI', 'reply').record).toEqual({
      clientInfo: [
        { authScheme: 'digest', user: 'user' },
        { authScheme: 'ip', user: '127.0.0.1' },
      ],
    });
    expect(find('getEphemerals', 'reply').record).toEqual({ ephemerals: ['/a/e-0000000000'] });
    expect(find('getAllChildrenNumber', 'reply').record).toEqual({ totalNumber: 10 });
    expect(find('auth', 'request').record).toEqual({
      scheme: 'digest',
      auth: new TextEncoder().encode('user:password'),
    });
  });
});
