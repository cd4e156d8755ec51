/**
 * Asks an ensemble to change its members: a connection as the super user, one request, and the end of it. The launcher has
 * no client of its own otherwise, so this is as much of one as that takes.
 */
import net from 'node:net';

import { ProtocolError } from '../../shared/errors.ts';
import { SESSION_NONE, SESSION_PASSWORD_BYTES } from '../../shared/ids.ts';
import { FrameDecoder } from '../../shared/jute/frame-decoder.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { encodeUtf8 } from '../../shared/jute/utf8.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { auth } from '../../shared/protocol/auth.ts';
import { decodeConnectResponse, encodeConnectRequest } from '../../shared/protocol/connect.ts';
import { ErrorCode, type KeeperErrorName, keeperErrorName } from '../../shared/protocol/error-code.ts';
import { decodeReplyHeader, encodeRequestHeader } from '../../shared/protocol/header.ts';
import { OpCode } from '../../shared/protocol/op-code.ts';
import { type ReconfigRequest, reconfig } from '../../shared/protocol/reconfig.ts';
import { ZXID_NONE } from '../../shared/zxid.ts';
import type { ClientAddress } from './server-answer.ts';

export type ReconfigAnswer =
  | 'done'
  /** No answer: the connection was lost, or never came about. It may have been done. */
  | 'unknown'
  | { readonly refused: KeeperErrorName };

const ANSWER_MS_MAX = 10_000;
const SESSION_TIMEOUT_MS = 10_000;
const FRAME_BYTES_MAX = 1 << 20;
const AUTH_XID = -4;
const RECONFIG_XID = 1;
const CLOSE_XID = 2;

/** `superPassword` is left out where ACLs are skipped. Never rejects. */
export function requestReconfig(
  { host, clientPort }: ClientAddress,
  request: ReconfigRequest,
  superPassword: string | undefined,
): Promise<ReconfigAnswer> {
  return new Promise((resolve) => {
    const socket = net.connect({ host, port: clientPort, noDelay: true });
    socket.setTimeout(ANSWER_MS_MAX, () => socket.destroy());
    const end = (answer: ReconfigAnswer): void => {
      resolve(answer);
      socket.destroySoon();
    };
    const conversation = new Conversation(socket, { request, superPassword, onAnswer: end });
    socket.on('connect', () => {
      conversation.begin();
    });
    socket.on('data', (chunk) => {
      conversation.push(chunk);
    });
    socket.on('error', () => undefined);
    socket.on('close', () => {
      end('unknown');
    });
  });
}

interface ConversationOptions {
  readonly request: ReconfigRequest;
  readonly superPassword: string | undefined;
  readonly onAnswer: (answer: ReconfigAnswer) => void;
}

class Conversation {
  readonly #socket: net.Socket;
  readonly #options: ConversationOptions;
  readonly #decoder: FrameDecoder;
  #isConnected = false;

  constructor(socket: net.Socket, options: ConversationOptions) {
    this.#socket = socket;
    this.#options = options;
    this.#decoder = new FrameDecoder({
      frameBytesMax: FRAME_BYTES_MAX,
      onFrame: (frame) => {
        this.#onFrame(new JuteReader(frame.slice()));
      },
    });
  }

  begin(): void {
    this.#send((writer) => {
      encodeConnectRequest(writer, {
        protocolVersion: 0,
        lastZxidSeen: ZXID_NONE,
        timeoutMs: SESSION_TIMEOUT_MS,
        sessionId: SESSION_NONE,
        password: new Uint8Array(SESSION_PASSWORD_BYTES),
        readOnly: false,
      });
    });
  }

  push(chunk: Uint8Array): void {
    try {
      this.#decoder.push(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#options.onAnswer('unknown');
    }
  }

  #onFrame(reader: JuteReader): void {
    if (!this.#isConnected) {
      this.#isConnected = true;
      decodeConnectResponse(reader);
      this.#ask();
      return;
    }
    const { xid, err } = decodeReplyHeader(reader);
    if (xid !== RECONFIG_XID) return;
    this.#request(CLOSE_XID, OpCode.closeSession);
    this.#options.onAnswer(err === ErrorCode.OK ? 'done' : { refused: keeperErrorName(err) });
  }

  #ask(): void {
    const { request, superPassword } = this.#options;
    if (superPassword !== undefined) {
      const credentials = { scheme: 'digest', auth: encodeUtf8(`super:${superPassword}`) };
      this.#request(AUTH_XID, OpCode.auth, (writer) => {
        auth.encodeRequest(writer, credentials);
      });
    }
    this.#request(RECONFIG_XID, OpCode.reconfig, (writer) => {
      reconfig.encodeRequest(writer, request);
    });
  }

  #request(xid: number, opCode: number, encode: (writer: JuteWriter) => void = () => undefined): void {
    this.#send((writer) => {
      encodeRequestHeader(writer, { xid, type: opCode });
      encode(writer);
    });
  }

  #send(encode: (writer: JuteWriter) => void): void {
    const writer = new JuteWriter();
    const frame = writer.beginFrame();
    encode(writer);
    writer.endFrame(frame);
    this.#socket.write(writer.finish());
  }
}
