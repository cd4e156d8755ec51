/** A session core with a clock in the hand, and a server that is nothing but frames, for the tests of the core. */
import { expect } from 'vitest';
import { CLIENT_DEFAULTS } from '../../../../electron/client/client-options.ts';
import type { HostPort } from '../../../../electron/client/connect-string.ts';
import type {
  RequestOutcome,
  RequestedWatch,
  SessionRequest,
} from '../../../../electron/client/request-queue.ts';
import { SessionCore } from '../../../../electron/client/session-core.ts';
import type {
  SessionEffect,
  SessionEvent,
  SessionOptions,
  SessionState,
} from '../../../../electron/client/session-types.ts';
import { encodeBody } from '../../../../electron/client/session-wire.ts';
import { ConnectionError } from '../../../../shared/errors.ts';
import { toSessionId } from '../../../../shared/ids.ts';
import { FrameDecoder } from '../../../../shared/jute/frame-decoder.ts';
import { JuteReader } from '../../../../shared/jute/reader.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import {
  type ConnectRequest,
  type ConnectResponse,
  decodeConnectRequest,
  encodeConnectResponse,
} from '../../../../shared/protocol/connect.ts';
import { decodeRequestHeader, encodeReplyHeader } from '../../../../shared/protocol/header.ts';
import { getData } from '../../../../shared/protocol/get-data.ts';
import { OpCode } from '../../../../shared/protocol/op-code.ts';
import {
  EventType,
  type EventTypeName,
  encodeWatcherEvent,
} from '../../../../shared/protocol/watcher-event.ts';
import { toZxid } from '../../../../shared/zxid.ts';

export const SESSION_ID = toSessionId(0x0100_0000_0000_0001n);
export const PASSWORD = Uint8Array.from({ length: 16 }, (_, at) => at);
export const TIMEOUT_MS = 3_000;
export const HOSTS: readonly HostPort[] = [
  { host: 'a', port: 1 },
  { host: 'b', port: 2 },
  { host: 'c', port: 3 },
];

export interface SentRequest {
  readonly xid: number;
  readonly type: number;
  readonly body: JuteReader;
}

/** A request whose outcome can be looked at. */
export interface ProbeRequest {
  readonly request: SessionRequest;
  outcome(): RequestOutcome | undefined;
  /** 'ok', the error's code, or 'open'. */
  result(): string;
}

export function probeRequest(path = '/a', watch?: RequestedWatch): ProbeRequest {
  let outcome: RequestOutcome | undefined;
  return {
    request: {
      opCode: OpCode.getData,
      body: encodeBody(getData, { path, watch: watch !== undefined }),
      path,
      ...(watch === undefined ? {} : { watch }),
      decode: (reader) => {
        reader.readInt();
      },
      settle: (settled) => {
        expect(outcome, 'a request is settled once').toBeUndefined();
        outcome = settled;
      },
    },
    outcome: () => outcome,
    result: () => (outcome === undefined ? 'open' : outcome.isOk ? 'ok' : outcome.error.code),
  };
}

export class CoreBench {
  readonly core: SessionCore;
  nowMs = 1_000;
  random = 0;
  readonly states: SessionState[] = [];
  effects: SessionEffect[] = [];
  #connection = 0;

  constructor(options: Partial<SessionOptions> = {}) {
    this.core = new SessionCore({
      ...CLIENT_DEFAULTS,
      hosts: HOSTS,
      chroot: '',
      sessionTimeoutMs: TIMEOUT_MS,
      connectTimeoutMs: undefined,
      resume: undefined,
      ...options,
    });
  }

  /** Steps the core, settles what it settles, and returns the effects. */
  step(event: SessionEvent): SessionEffect[] {
    this.effects = this.core.step(event, { nowMs: this.nowMs, random: this.random });
    for (const effect of this.effects) {
      if (effect.type === 'open') this.#connection = effect.connection;
      if (effect.type === 'settle') effect.settle(effect.outcome);
      if (effect.type === 'state') this.states.push(effect.state);
    }
    return this.effects;
  }

  types(): string[] {
    return this.effects.map(({ type }) => type);
  }

  of<Type extends SessionEffect['type']>(type: Type): Extract<SessionEffect, { type: Type }>[] {
    return this.effects.filter(
      (effect): effect is Extract<SessionEffect, { type: Type }> => effect.type === type,
    );
  }

  /** Lets time pass and ticks. */
  pass(ms: number): SessionEffect[] {
    this.nowMs += ms;
    return this.step({ type: 'tick' });
  }

  /** Goes to the core's own deadline and ticks. */
  passToDeadline(): SessionEffect[] {
    const { deadlineMs } = this.core;
    expect(deadlineMs, 'something is due').toBeDefined();
    return this.pass(Math.max(0, (deadlineMs ?? 0) - this.nowMs));
  }

  opened(): SessionEffect[] {
    return this.step({ type: 'opened', connection: this.#connection });
  }

  lost(code: ConnectionError['code'] = 'CONNECTION_CLOSED'): SessionEffect[] {
    return this.step({ type: 'lost', connection: this.#connection, error: new ConnectionError(code, code) });
  }

  receive(chunk: Uint8Array): SessionEffect[] {
    return this.step({ type: 'received', connection: this.#connection, chunk });
  }

  accept(response: Partial<ConnectResponse> = {}): SessionEffect[] {
    return this.receive(
      frame((writer) => {
        encodeConnectResponse(writer, {
          protocolVersion: 0,
          timeoutMs: TIMEOUT_MS,
          sessionId: SESSION_ID,
          password: PASSWORD,
          readOnly: false,
          ...response,
        });
      }),
    );
  }

  refuse(): SessionEffect[] {
    return this.accept({ timeoutMs: 0, sessionId: toSessionId(0n), password: new Uint8Array(16) });
  }

  /** From nothing to an established session; returns the ConnectRequest. */
  establish(response: Partial<ConnectResponse> = {}): ConnectRequest {
    if (this.core.state === 'idle') this.step({ type: 'start' });
    else this.passToDeadline();
    this.opened();
    const request = this.connectRequest();
    this.accept(response);
    return request;
  }

  reply(
    { xid, zxid = 0n, err = 0 }: { xid: number; zxid?: bigint; err?: number },
    body = true,
  ): SessionEffect[] {
    return this.receive(
      frame((writer) => {
        encodeReplyHeader(writer, { xid, zxid: toZxid(zxid), err });
        if (body && err === 0) writer.writeInt(1);
      }),
    );
  }

  event(name: EventTypeName, path: string): SessionEffect[] {
    return this.receive(
      frame((writer) => {
        encodeReplyHeader(writer, { xid: -1, zxid: toZxid(-1n), err: 0 });
        encodeWatcherEvent(writer, { type: EventType[name], state: 3, path });
      }),
    );
  }

  request(probe = probeRequest()): ProbeRequest {
    this.step({ type: 'request', request: probe.request });
    return probe;
  }

  connectRequest(): ConnectRequest {
    const [sent] = this.#sentFrames();
    expect(sent, 'a ConnectRequest was sent').toBeDefined();
    return decodeConnectRequest(new JuteReader(sent ?? new Uint8Array(0)));
  }

  /** The requests that the last step sent. */
  sent(): SentRequest[] {
    return this.#sentFrames().map((bytes) => {
      const body = new JuteReader(bytes);
      return { ...decodeRequestHeader(body), body };
    });
  }

  #sentFrames(): Uint8Array[] {
    const frames: Uint8Array[] = [];
    const decoder = new FrameDecoder({
      frameBytesMax: 1 << 24,
      onFrame: (bytes) => frames.push(bytes.slice()),
    });
    for (const { bytes } of this.of('send')) decoder.push(bytes);
    return frames;
  }
}

export function frame(encode: (writer: JuteWriter) => void): Uint8Array {
  const writer = new JuteWriter();
  const at = writer.beginFrame();
  encode(writer);
  writer.endFrame(at);
  return writer.finish();
}
