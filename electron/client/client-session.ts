/**
 * One session as the client's operations use it: `call` for a request with its reply, subscriptions to states and events,
 * the facts that a status bar shows, connect and close.
 */
import { type AppError, ConnectionError } from '../../shared/errors.ts';
import { SESSION_NONE } from '../../shared/ids.ts';
import type { Operation } from '../../shared/protocol/operation.ts';
import { CLIENT_DEFAULTS, type ClientOptions } from './client-options.ts';
import { parseConnectString } from './connect-string.ts';
import { deferred } from './deferred.ts';
import { abortReason, isReadWriteServer } from './four-letter-word.ts';
import { shuffleHosts } from './host-list.ts';
import type { RequestedWatch, SessionRequest } from './request-queue.ts';
import { SessionDriver, systemClock } from './session-driver.ts';
import {
  type Credential,
  type SessionFacts,
  type SessionKey,
  type SessionOptions,
  type SessionState,
  isEstablished,
  isTerminal,
} from './session-types.ts';
import { frameTooLargeError } from './session-errors.ts';
import { encodeBody } from './session-wire.ts';
import { tcpTransport } from './tcp-transport.ts';
import type { WatchDelivery, WatchListener, WatchRegistry } from './watch-registry.ts';

export interface StateChange {
  readonly state: SessionState;
  readonly server: string | undefined;
  /** Why the connection was lost or the session has ended. */
  readonly error: AppError | undefined;
}

export interface Call {
  readonly path?: string;
  readonly watch?: RequestedWatch;
  readonly signal?: AbortSignal | undefined;
}

export interface ConnectOptions {
  readonly signal?: AbortSignal;
  /** Keep trying when no host could be reached, instead of giving up after one round. */
  readonly keepTrying?: boolean;
}

const REQUEST_HEADER_BYTES = 8;

interface Connecting {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  readonly keepTrying: boolean;
  readonly failures: ConnectionError[];
}

export class ClientSession {
  readonly #driver: SessionDriver;
  readonly #hostCount: number;
  readonly #requestBytesMax: number;
  readonly #credentials: readonly Credential[];
  readonly #stateListeners = new Set<(change: StateChange) => void>();
  readonly #eventListeners = new Set<WatchListener>();
  readonly #closing: (() => void)[] = [];
  #connecting: Connecting | undefined;

  constructor(options: ClientOptions) {
    const clock = options.clock ?? systemClock;
    const { hosts, chroot } = parseConnectString(options.connectString);
    this.#hostCount = hosts.length;
    this.#requestBytesMax = options.requestBytesMax ?? CLIENT_DEFAULTS.requestBytesMax;
    this.#credentials = options.credentials ?? [];
    const sessionOptions: SessionOptions = {
      ...CLIENT_DEFAULTS,
      connectTimeoutMs: undefined,
      resume: undefined,
      // exactOptionalPropertyTypes: an option that is there is never undefined.
      ...options,
      hosts: shuffleHosts(hosts, () => clock.random()),
      chroot,
    };
    this.#driver = new SessionDriver(sessionOptions, {
      transport: options.transport ?? tcpTransport,
      clock,
      probe: isReadWriteServer,
      observer: {
        onState: (state, error) => {
          this.#onState(state, error);
        },
        onWatch: (delivery) => {
          this.emit(delivery);
        },
        onAttemptFailed: (error) => {
          this.#onAttemptFailed(error);
        },
      },
    });
  }

  get watches(): WatchRegistry {
    return this.#driver.core.watches;
  }

  get facts(): SessionFacts {
    return this.#driver.core.facts;
  }

  /** Undefined before the first connection. */
  get key(): SessionKey | undefined {
    const { key } = this.#driver.core;
    return key.sessionId === SESSION_NONE ? undefined : key;
  }

  connect({ signal, keepTrying = false }: ConnectOptions): Promise<void> {
    if (signal?.aborted === true) return Promise.reject(abortReason(signal));
    const { promise, resolve, reject } = deferred<undefined>();
    const onAbort = (): void => {
      this.#connecting = undefined;
      reject(abortReason(signal));
      this.#driver.post({ type: 'abandon' });
    };
    signal?.addEventListener('abort', onAbort, { once: true });
    this.#connecting = {
      resolve: () => {
        resolve(undefined);
      },
      reject,
      keepTrying,
      failures: [],
    };
    for (const credential of this.#credentials) {
      // Refusal is not lost: it ends the session as authFailed.
      this.#driver.post({ type: 'addAuth', credential, settle: () => undefined });
    }
    this.#driver.post({ type: 'start' });
    return promise.finally(() => signal?.removeEventListener('abort', onAbort));
  }

  close(): Promise<void> {
    if (isTerminal(this.#driver.core.state)) return Promise.resolve();
    const { promise, resolve } = deferred<undefined>();
    this.#closing.push(() => {
      resolve(undefined);
    });
    this.#driver.post({ type: 'close' });
    return promise;
  }

  abandon(): void {
    this.#driver.post({ type: 'abandon' });
  }

  addAuth(credential: Credential): Promise<void> {
    const { promise, resolve, reject } = deferred<undefined>();
    this.#driver.post({
      type: 'addAuth',
      credential,
      settle: (outcome) => {
        if (outcome.isOk) resolve(undefined);
        else reject(outcome.error);
      },
    });
    return promise;
  }

  /**
   * Sends one request and resolves with its decoded reply. The record is encoded now, so the caller may change its data
   * afterwards. Rejects with ProtocolError FRAME_TOO_LARGE before sending what servers do not take.
   */
  call<Request, Response>(
    operation: Operation<Request, Response>,
    request: Request,
    { path, watch, signal }: Call = {},
  ): Promise<Response> {
    if (signal?.aborted === true) return Promise.reject(abortReason(signal));
    const body = encodeBody(operation, request);
    if (body.length + REQUEST_HEADER_BYTES > this.#requestBytesMax) {
      return Promise.reject(
        frameTooLargeError({
          bytes: body.length + REQUEST_HEADER_BYTES,
          bytesMax: this.#requestBytesMax,
          path,
        }),
      );
    }
    const { promise, resolve, reject } = deferred<Response>();
    let response: { readonly value: Response } | undefined;
    const sessionRequest: SessionRequest = {
      opCode: operation.opCode,
      body,
      ...(path === undefined ? {} : { path }),
      ...(watch === undefined ? {} : { watch }),
      decode: (reader) => {
        response = { value: operation.decodeResponse(reader) };
      },
      settle: (outcome) => {
        if (!outcome.isOk) reject(outcome.error);
        else if (response !== undefined) resolve(response.value);
      },
    };
    this.post(sessionRequest);
    return signal === undefined ? promise : this.#abortable(promise, { signal, sessionRequest, reject });
  }

  /** Sends a request whose settlement is the caller's own affair. */
  post(request: SessionRequest): void {
    this.#driver.post({ type: 'request', request });
  }

  onState(listener: (change: StateChange) => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  onWatchEvent(listener: WatchListener): () => void {
    this.#eventListeners.add(listener);
    return () => this.#eventListeners.delete(listener);
  }

  /** Hands an event to its own listeners and then to those that hear everything. */
  emit({ event, listeners }: WatchDelivery): void {
    for (const listener of [...listeners, ...this.#eventListeners]) notify(listener, event);
  }

  #abortable<Response>(
    promise: Promise<Response>,
    call: { signal: AbortSignal; sessionRequest: SessionRequest; reject: (error: Error) => void },
  ): Promise<Response> {
    const onAbort = (): void => {
      this.#driver.post({ type: 'cancel', request: call.sessionRequest });
      call.reject(abortReason(call.signal));
    };
    call.signal.addEventListener('abort', onAbort, { once: true });
    return promise.finally(() => {
      call.signal.removeEventListener('abort', onAbort);
    });
  }

  #onState(state: SessionState, error: AppError | undefined): void {
    const change: StateChange = { state, server: this.#driver.core.server, error };
    for (const listener of [...this.#stateListeners]) notify(listener, change);
    if (isTerminal(state)) {
      this.#endConnecting(
        error ?? new ConnectionError('CLIENT_CLOSED', 'the client was closed while it connected'),
      );
      for (const resolve of this.#closing.splice(0)) resolve();
    } else if (isEstablished(state)) {
      this.#connecting?.resolve();
      this.#connecting = undefined;
    }
  }

  #onAttemptFailed(error: ConnectionError): void {
    const connecting = this.#connecting;
    if (connecting === undefined || connecting.keepTrying) return;
    connecting.failures.push(error);
    if (connecting.failures.length < this.#hostCount) return;
    this.#endConnecting(summarize(connecting.failures, error));
    this.abandon();
  }

  #endConnecting(error: AppError): void {
    this.#connecting?.reject(error);
    this.#connecting = undefined;
  }
}

/** One error for a whole round: the last one, whose message tells of the others as well. */
function summarize(failures: readonly ConnectionError[], last: ConnectionError): ConnectionError {
  if (failures.length === 1) return last;
  const message = `none of the ${failures.length} servers could be used: ${failures.map((error) => error.message).join('; ')}`;
  return new ConnectionError(last.code, message, { ...last.context, cause: last });
}

/** A listener that throws is a bug of its owner: it must not stop the others, and must not stay unseen. */
function notify<T>(listener: (value: T) => void, value: T): void {
  try {
    listener(value);
  } catch (error) {
    queueMicrotask(() => {
      throw error;
    });
  }
}
