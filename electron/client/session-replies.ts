/** What a frame of an established connection says, and what the reply to a request comes to. Pure. */
import { type ErrorContext, KeeperError, ProtocolError } from '../../shared/errors.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { ErrorCode, keeperErrorName } from '../../shared/protocol/error-code.ts';
import { type ReplyHeader, decodeReplyHeader } from '../../shared/protocol/header.ts';
import { SpecialXid } from '../../shared/protocol/op-code.ts';
import {
  type EventTypeName,
  decodeWatcherEvent,
  eventTypeName,
} from '../../shared/protocol/watcher-event.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { RequestOutcome, RequestedWatch, SessionRequest } from './request-queue.ts';
import { pathContext } from './session-errors.ts';

export type Reply =
  | {
      readonly type: 'event';
      readonly name: EventTypeName;
      readonly serverPath: string;
      /** Compat: a server before 3.9 writes -1 here. */
      readonly zxid: Zxid | undefined;
    }
  | { readonly type: 'pong' }
  | { readonly type: 'auth'; readonly isAccepted: boolean }
  | { readonly type: 'answer'; readonly body: JuteReader };

/** Throws ProtocolError on what no server sends. */
export function readReply(frame: Uint8Array): { header: ReplyHeader; reply: Reply } {
  const body = new JuteReader(frame);
  const header = decodeReplyHeader(body);
  return { header, reply: classify(header, body) };
}

function classify(header: ReplyHeader, body: JuteReader): Reply {
  switch (header.xid) {
    case SpecialXid.notification:
      return readEvent(header, body);
    case SpecialXid.ping:
      return { type: 'pong' };
    case SpecialXid.auth:
      return { type: 'auth', isAccepted: header.err === ErrorCode.OK };
    default:
      return { type: 'answer', body };
  }
}

function readEvent({ zxid }: ReplyHeader, body: JuteReader): Reply {
  const { type, path } = decodeWatcherEvent(body);
  const name = eventTypeName(type);
  if (name === undefined) throw new ProtocolError('BAD_VALUE', `a watch event of type ${type}`, { path });
  return { type: 'event', name, serverPath: path, zxid: zxid > 0n ? zxid : undefined };
}

/** Decodes the response into `request`, or says why there is none. */
export function outcomeOf(
  request: SessionRequest,
  { err, body, context }: { err: number; body: JuteReader; context: ErrorContext },
): RequestOutcome {
  if (err !== ErrorCode.OK) {
    const error = new KeeperError(keeperErrorName(err), { ...context, ...pathContext(request.path) });
    return { isOk: false, error };
  }
  try {
    request.decode(body);
    return { isOk: true };
  } catch (error) {
    if (error instanceof ProtocolError) return { isOk: false, error };
    throw error;
  }
}

/** The watch that the server has set for a request with this result (PROTOCOL.md 2.10). */
export function watchSetBy({ watch }: SessionRequest, err: number): RequestedWatch | undefined {
  if (watch === undefined) return undefined;
  if (err === ErrorCode.OK) return watch.kind === 'exist' ? { ...watch, kind: 'data' } : watch;
  // An exists leaves its watch on a node that is not there, too.
  return watch.kind === 'exist' && err === ErrorCode.NONODE ? watch : undefined;
}
