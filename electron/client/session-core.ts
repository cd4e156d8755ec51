/**
 * The life of a session as a pure machine (ZooKeeper's ClientCnxn; PROTOCOL.md 2.1, 2.2, 2.10, 2.11): `step` takes an event
 * and the moment, and answers with effects in the order in which they must happen. No clock, no socket, no randomness here;
 * bytes on the wire are session-wire.ts, the driver is session-driver.ts.
 *
 *   idle ─start─▶ connecting ─opened─▶ handshaking ─ConnectResponse─▶ connected | connectedReadOnly ─close─▶ closing ─▶ closed
 *                     ▲  │lost, timeout     │                            │lost, silent for 2/3 T
 *                     │  ▼                  ▼                            ▼
 *                     └─ suspended ◀────────┴────────────────────────────┘       any ─▶ expired | authFailed | closed
 *
 * Differs: Java's client sends auth, watches and requests behind the ConnectRequest without awaiting its reply; this one
 * waits for it, so that nothing is sent to a server that refuses the session.
 */
import { assert, assertNever } from '../../shared/assert.ts';
import {
  type AppError,
  ConnectionError,
  type ErrorContext,
  KeeperError,
  ProtocolError,
} from '../../shared/errors.ts';
import { SESSION_NONE, sessionIdToHex } from '../../shared/ids.ts';
import { FrameDecoder } from '../../shared/jute/frame-decoder.ts';
import type { JuteReader } from '../../shared/jute/reader.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import type { ConnectResponse } from '../../shared/protocol/connect.ts';
import type { ReplyHeader } from '../../shared/protocol/header.ts';
import { ZXID_NONE, type Zxid } from '../../shared/zxid.ts';
import { type HostPort, formatHostPort } from './connect-string.ts';
import { HostList } from './host-list.ts';
import { RequestQueue, type RequestOutcome, type SessionRequest } from './request-queue.ts';
import { SessionAuth } from './session-auth.ts';
import {
  authFailedError,
  closedError,
  expiredError,
  lossError,
  notStartedError,
  outstandingLimitError,
  pathContext,
  timeoutError,
  unreadableError,
  withPath,
} from './session-errors.ts';
import { SessionIdentity } from './session-identity.ts';
import { outcomeOf, readReply, watchSetBy } from './session-replies.ts';
import { SessionTimers } from './session-timers.ts';
import {
  type Moment,
  type SessionEffect,
  type SessionEvent,
  type SessionFacts,
  type SessionKey,
  type SessionOptions,
  type SessionState,
  isEstablished,
  isTerminal,
} from './session-types.ts';
import {
  CLOSE_SESSION_REQUEST,
  decodeHandshake,
  notZooKeeper,
  setWatchesRequest,
  writeConnectRequest,
  writePing,
} from './session-wire.ts';
import { WatchRegistry } from './watch-registry.ts';

export class SessionCore {
  readonly #options: SessionOptions;
  readonly #hosts: HostList;
  readonly #queue: RequestQueue;
  readonly #auth = new SessionAuth();
  readonly #timers: SessionTimers;
  readonly #identity: SessionIdentity;
  readonly watches: WatchRegistry;

  #state: SessionState = 'idle';
  #host: HostPort | undefined;
  /** The number of the current connection; the next one is greater. */
  #connection = 0;
  #decoder: FrameDecoder | undefined;

  #latestServerZxid: Zxid = ZXID_NONE;
  #pingLatencyMs: number | undefined;
  readonly #pingsSentMs: number[] = [];

  #writer = new JuteWriter();
  #effects: SessionEffect[] = [];
  #moment: Moment = { nowMs: 0, random: 0 };

  constructor(options: SessionOptions) {
    this.#options = options;
    this.#hosts = new HostList(options.hosts);
    this.#queue = new RequestQueue(options);
    this.#timers = new SessionTimers(options);
    this.watches = new WatchRegistry(options.chroot);
    this.#identity = new SessionIdentity(options.resume);
  }

  get state(): SessionState {
    return this.#state;
  }

  /** The server connected to, or being tried. */
  get server(): string | undefined {
    return this.#host === undefined ? undefined : formatHostPort(this.#host);
  }

  /** What is known at this moment. */
  get facts(): SessionFacts {
    const { sessionId, lastZxidSeen } = this.#identity;
    return {
      state: this.#state,
      server: this.server,
      sessionId: sessionId === SESSION_NONE ? undefined : sessionId,
      negotiatedTimeoutMs: this.#timers.negotiatedTimeoutMs,
      lastZxidSeen,
      latestServerZxid: this.#latestServerZxid,
      pingLatencyMs: this.#pingLatencyMs,
      isReadOnly: this.#state === 'connectedReadOnly',
      watchCount: this.watches.size,
      authenticated: this.#auth.authenticated,
      outstandingCount: this.#queue.outstandingCount,
    };
  }

  get key(): SessionKey {
    return this.#identity.key;
  }

  /** When the driver must step a `tick`; undefined when nothing is due. */
  get deadlineMs(): number | undefined {
    return this.#timers.deadlineMs(this.#state);
  }

  step(event: SessionEvent, moment: Moment): SessionEffect[] {
    this.#moment = moment;
    this.#effects = [];
    this.#dispatch(event);
    this.#flush();
    return this.#effects;
  }

  #dispatch(event: SessionEvent): void {
    switch (event.type) {
      case 'start':
        assert(this.#state === 'idle', `start in state ${this.#state}`);
        this.#becomeConnecting();
        break;
      case 'opened':
        if (this.#isCurrent(event.connection)) this.#becomeHandshaking();
        break;
      case 'received':
        if (this.#isCurrent(event.connection)) this.#onReceived(event.chunk);
        break;
      case 'lost':
        if (this.#isCurrent(event.connection)) this.#becomeSuspended(event.error);
        break;
      case 'tick':
        this.#onTick();
        break;
      case 'request':
        this.#onRequest(event.request);
        break;
      case 'cancel':
        this.#queue.cancel(event.request);
        break;
      case 'addAuth':
        this.#onAddAuth(event);
        break;
      case 'readWriteFound':
        this.#onReadWriteFound(event.host);
        break;
      case 'close':
        this.#onClose();
        break;
      case 'abandon':
        if (!isTerminal(this.#state)) this.#becomeTerminal('closed', closedError());
        break;
      default:
        assertNever(event, 'session event');
    }
  }

  // ---- transitions

  #become(state: SessionState, error?: AppError): void {
    this.#state = state;
    this.#effects.push({ type: 'state', state, error });
  }

  #becomeConnecting(): void {
    assert(this.#state === 'idle' || this.#state === 'suspended', `connecting from ${this.#state}`);
    const host = this.#hosts.next();
    this.#host = host;
    this.#connection++;
    this.#timers.onConnecting(this.#moment.nowMs);
    this.#effects.push({ type: 'open', connection: this.#connection, host });
    this.#become('connecting');
  }

  #becomeHandshaking(): void {
    assert(this.#state === 'connecting', `handshaking from ${this.#state}`);
    this.#decoder = new FrameDecoder({
      frameBytesMax: this.#options.frameBytesMax,
      onFrame: (frame) => {
        this.#onFrame(frame);
      },
    });
    const { sessionTimeoutMs: timeoutMs, canBeReadOnly } = this.#options;
    writeConnectRequest(this.#writer, this.#identity.connectRequest({ timeoutMs, canBeReadOnly }));
    this.#become('handshaking');
  }

  #becomeConnected(response: ConnectResponse): void {
    assert(this.#state === 'handshaking', `connected from ${this.#state}`);
    this.#identity.onConnected(response);
    this.#hosts.onConnected();
    this.#timers.onConnected(response.timeoutMs, this.#moment.nowMs);
    this.#become(response.readOnly === true ? 'connectedReadOnly' : 'connected');
    this.#auth.onConnected(this.#writer);
    for (const batch of this.watches.setWatchesBatches(this.#identity.lastZxidSeen)) {
      this.#queue.writeNow(this.#writer, setWatchesRequest(batch));
    }
    this.#queue.pump(this.#writer);
  }

  /** A connection is gone: everything open fails as in Java's client, and the next host is due after a while. */
  #becomeSuspended(error: ConnectionError): void {
    if (this.#state === 'closing') {
      this.#failAll((path) => lossError(path, this.#context, error));
      this.#becomeTerminal('closed', closedError());
      return;
    }
    const wasEstablished = isEstablished(this.#state);
    this.#dropConnection();
    this.#timers.onDisconnected({
      nowMs: this.#moment.nowMs,
      delayMs: this.#reconnectDelayMs(wasEstablished),
    });
    this.#failAll((path) => lossError(path, this.#context, error));
    if (!wasEstablished) this.#effects.push({ type: 'attemptFailed', error });
    this.#become('suspended', error);
  }

  #becomeTerminal(state: 'expired' | 'authFailed' | 'closed', error: AppError): void {
    this.#dropConnection();
    this.#failAll((path) => withPath(error, path));
    this.#auth.drain().forEach((settle) => {
      this.#settle(settle, { isOk: false, error });
    });
    this.watches.clear();
    this.#become(state, state === 'closed' ? undefined : error);
  }

  #becomeExpired(reason: string): void {
    this.#becomeTerminal('expired', expiredError(reason, this.#context));
  }

  // ---- events from the owner

  #onRequest(request: SessionRequest): void {
    const error = this.#refusal(request);
    if (error !== undefined) {
      this.#settle(request.settle, { isOk: false, error });
      return;
    }
    if (isEstablished(this.#state)) this.#queue.pump(this.#writer);
  }

  /** Why a request cannot be taken; when it can it is queued. */
  #refusal(request: SessionRequest): AppError | undefined {
    switch (this.#state) {
      case 'idle':
        return notStartedError(request.path);
      case 'expired':
        return new KeeperError('SESSIONEXPIRED', { ...this.#context, ...pathContext(request.path) });
      case 'authFailed':
        return new KeeperError('AUTHFAILED', { ...this.#context, ...pathContext(request.path) });
      case 'closing':
      case 'closed':
        return closedError(request.path);
      case 'connecting':
      case 'handshaking':
      case 'connected':
      case 'connectedReadOnly':
      case 'suspended':
        return this.#queue.enqueue(request)
          ? undefined
          : outstandingLimitError(this.#queue, { ...this.#context, ...pathContext(request.path) });
      default:
        return assertNever(this.#state, 'session state');
    }
  }

  #onAddAuth({ credential, settle }: Extract<SessionEvent, { type: 'addAuth' }>): void {
    if (isTerminal(this.#state)) {
      this.#settle(settle, { isOk: false, error: closedError() });
      return;
    }
    this.#auth.add(credential, settle, isEstablished(this.#state) ? this.#writer : undefined);
  }

  #onReadWriteFound(host: HostPort): void {
    if (this.#state !== 'connectedReadOnly') return;
    const server = this.server ?? '';
    this.#becomeSuspended(
      new ConnectionError('CONNECTION_CLOSED', `${server} is read-only; ${formatHostPort(host)} is not`, {
        server,
      }),
    );
    this.#hosts.prefer(host);
    this.#timers.reconnectNow(this.#moment.nowMs);
  }

  #onClose(): void {
    if (isTerminal(this.#state) || this.#state === 'closing') return;
    if (this.#state !== 'connected' && this.#state !== 'connectedReadOnly') {
      this.#becomeTerminal('closed', closedError());
      return;
    }
    this.#queue.enqueueAlways(CLOSE_SESSION_REQUEST);
    this.#queue.pump(this.#writer);
    this.#become('closing');
  }

  // ---- time

  #onTick(): void {
    const due = this.#timers.due(this.#state, this.#moment.nowMs);
    switch (due) {
      case undefined:
        break;
      case 'expiry':
        this.#becomeExpired('no server was heard for 4/3 of its timeout');
        break;
      case 'attempt':
        this.#becomeConnecting();
        break;
      case 'connectTimeout':
        this.#becomeSuspended(timeoutError('did not answer in time', this.#context));
        break;
      case 'readTimeout':
        this.#becomeSuspended(timeoutError('was silent for 2/3 of the session timeout', this.#context));
        break;
      case 'ping':
        this.#pingsSentMs.push(this.#moment.nowMs);
        writePing(this.#writer);
        break;
      case 'probe':
        this.#timers.onProbe(this.#moment.nowMs);
        this.#effects.push({ type: 'probe', host: this.#hosts.peekNext() });
        break;
      default:
        assertNever(due, 'timer');
    }
  }

  // ---- bytes

  #onReceived(chunk: Uint8Array): void {
    assert(this.#decoder !== undefined, 'bytes come after the connection is open');
    if (this.#state !== 'handshaking') this.#timers.onHeard(this.#moment.nowMs);
    try {
      this.#decoder.push(chunk);
    } catch (error) {
      if (!(error instanceof ProtocolError)) throw error;
      this.#onMalformed(error, chunk[0]);
    }
  }

  /** Bytes that make no sense: before the session they are somebody else's, after it the connection is useless. */
  #onMalformed(error: ProtocolError, firstByte: number | undefined): void {
    this.#becomeSuspended(
      this.#state === 'handshaking'
        ? notZooKeeper(this.server ?? '', firstByte, error)
        : unreadableError(error, this.#context),
    );
  }

  #onFrame(frame: Uint8Array): void {
    if (this.#state === 'handshaking') this.#onHandshake(frame);
    else this.#onReply(readReply(frame));
  }

  #onHandshake(frame: Uint8Array): void {
    const answer = decodeHandshake(frame, this.server ?? '');
    if (answer instanceof ConnectionError) this.#becomeSuspended(answer);
    else if (answer.timeoutMs > 0) this.#becomeConnected(answer);
    else this.#becomeExpired('the server does not know it (any more), or its password is wrong');
  }

  #onReply({ header, reply }: ReturnType<typeof readReply>): void {
    if (header.zxid > this.#latestServerZxid) this.#latestServerZxid = header.zxid;
    switch (reply.type) {
      case 'event':
        for (const delivery of this.watches.onEvent(reply.name, reply.serverPath, reply.zxid)) {
          this.#effects.push({ type: 'watch', delivery });
        }
        break;
      case 'pong':
        this.#onPong();
        break;
      case 'auth':
        this.#onAuthReply(reply.isAccepted);
        break;
      case 'answer':
        this.#onAnswer(header, reply.body);
        break;
      default:
        assertNever(reply, 'reply');
    }
  }

  #onPong(): void {
    const sentMs = this.#pingsSentMs.shift();
    if (sentMs !== undefined) this.#pingLatencyMs = this.#moment.nowMs - sentMs;
  }

  #onAuthReply(isAccepted: boolean): void {
    if (!isAccepted) {
      const scheme = this.#auth.oldestUnanswered?.scheme ?? '';
      this.#becomeTerminal('authFailed', authFailedError(scheme, this.#context));
      return;
    }
    for (const settle of this.#auth.onAccepted()) this.#settle(settle, { isOk: true });
  }

  #onAnswer({ xid, zxid, err }: ReplyHeader, body: JuteReader): void {
    const answered = this.#queue.takeAnswered(xid);
    if (answered === undefined) {
      throw new ProtocolError(
        'UNEXPECTED_XID',
        `a reply to request ${xid}, which is not the oldest one open`,
      );
    }
    const { request, isCancelled } = answered;
    this.#identity.onReply(zxid);
    const outcome = outcomeOf(request, { err, body, context: this.#context });
    if (!isCancelled) {
      const watch = watchSetBy(request, err);
      if (watch !== undefined) this.watches.addOneShot(watch.kind, watch.path, watch.listener);
      this.#settle(request.settle, outcome);
    }
    if (!outcome.isOk && outcome.error instanceof ProtocolError) throw outcome.error;
    if (request === CLOSE_SESSION_REQUEST) this.#becomeTerminal('closed', closedError());
    else this.#queue.pump(this.#writer);
  }

  // ---- small parts

  #isCurrent(connection: number): boolean {
    const isOpen =
      this.#state === 'connecting' || this.#state === 'handshaking' || isEstablished(this.#state);
    return isOpen && connection === this.#connection;
  }

  #dropConnection(): void {
    if (!this.#isCurrent(this.#connection)) return;
    this.#decoder?.stop();
    this.#decoder = undefined;
    this.#writer.reset();
    this.#auth.onDisconnected();
    this.#pingsSentMs.length = 0;
    this.#effects.push({ type: 'disconnect', connection: this.#connection });
  }

  #reconnectDelayMs(wasEstablished: boolean): number {
    if (wasEstablished) return this.#moment.random * this.#options.reconnectDelayMsMax;
    return this.#hosts.isRoundComplete ? this.#options.roundDelayMs : 0;
  }

  #failAll(errorOf: (path: string | undefined) => AppError): void {
    for (const request of this.#queue.drain()) {
      this.#settle(request.settle, { isOk: false, error: errorOf(request.path) });
    }
  }

  #settle(settle: (outcome: RequestOutcome) => void, outcome: RequestOutcome): void {
    this.#effects.push({ type: 'settle', settle, outcome });
  }

  /** Everything written during a step leaves as one effect. */
  #flush(): void {
    if (this.#writer.length === 0) return;
    this.#effects.push({ type: 'send', connection: this.#connection, bytes: this.#writer.finish() });
    this.#writer.reset();
    this.#timers.onSent(this.#moment.nowMs);
  }

  get #context(): ErrorContext {
    const { sessionId } = this.#identity;
    return {
      ...(this.server === undefined ? {} : { server: this.server }),
      ...(sessionId === SESSION_NONE ? {} : { sessionId: sessionIdToHex(sessionId) }),
    };
  }
}
