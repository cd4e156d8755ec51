/**
 * The watch operations of a client: registers and removes listeners and carries out the steps by which the registry brings
 * the server in line.
 *
 * A persistent listener is registered when its request is made, not when the reply is there, so that reads made right behind
 * it already know of it; if the request fails the listener goes again. A removal counts at once as well: a server that cannot
 * be told now is not told of those watches on the next connection.
 */
import { assertNever } from '../../shared/assert.ts';
import { KeeperError } from '../../shared/errors.ts';
import { requireValidPath } from '../../shared/path.ts';
import { AddWatchMode, WatcherType, addWatch, removeWatches } from '../../shared/protocol/watch-ops.ts';
import type { ClientSession } from './client-session.ts';
import { setWatchesRequest } from './session-wire.ts';
import type { PersistentKind, RemovableWatches, WatchListener, WatchStep } from './watch-registry.ts';

export class WatchCalls {
  readonly #session: ClientSession;

  constructor(session: ClientSession) {
    this.#session = session;
  }

  async add({
    path,
    mode,
    listener,
    signal,
  }: {
    path: string;
    mode: PersistentKind;
    listener: WatchListener;
    signal: AbortSignal | undefined;
  }): Promise<{ dispose(): void }> {
    requireValidPath(path);
    signal?.throwIfAborted();
    const { watches } = this.#session;
    // Two subscriptions with one function are still two: each ends on its own.
    const own: WatchListener = (event) => {
      listener(event);
    };
    try {
      await this.#run(watches.addPersistent(mode, path, own), signal);
    } catch (error) {
      watches.removeListener(path, own, mode);
      throw error;
    }
    return {
      dispose: () => {
        void this.#runQuietly(watches.removeListener(path, own, mode));
      },
    };
  }

  async removeAll(path: string, type: RemovableWatches): Promise<void> {
    requireValidPath(path);
    const removed = this.#session.watches.removeAll(path, type);
    if (removed === undefined) throw new KeeperError('NOWATCHER', { path });
    await this.#runQuietly(removed.steps);
    for (const delivery of removed.deliveries) this.#session.emit(delivery);
  }

  removeListener(path: string, listener: WatchListener): void {
    void this.#runQuietly(this.#session.watches.removeListener(path, listener));
  }

  /** For removals: whatever the server or a broken connection says, the listeners are gone. */
  async #runQuietly(steps: readonly WatchStep[]): Promise<void> {
    try {
      await this.#run(steps, undefined);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
    }
  }

  /** Sends all steps at once; resolves when the ones that matter are answered. */
  async #run(steps: readonly WatchStep[], signal: AbortSignal | undefined): Promise<void> {
    await Promise.all(steps.map((step) => this.#send(step, signal)));
  }

  async #send(step: WatchStep, signal: AbortSignal | undefined): Promise<void> {
    const { watches, facts } = this.#session;
    const path = watches.toServerPath(step.path);
    switch (step.type) {
      case 'addWatch':
        await this.#session.call(
          addWatch,
          { path, mode: AddWatchMode[step.mode] },
          { path: step.path, signal },
        );
        break;
      case 'removeWatches': {
        const type = WatcherType[step.watches];
        const call = this.#session.call(removeWatches, { path, type }, { path: step.path });
        await (step.isOptional ? call.catch(onlyKeeperError) : call);
        break;
      }
      case 'setWatches':
        this.#session.post(
          setWatchesRequest(watches.setWatchesFor(step.path, step.kinds, facts.lastZxidSeen)),
        );
        break;
      default:
        assertNever(step, 'watch step');
    }
  }
}

/** Refusals of an optional step are expected; bugs are not. */
function onlyKeeperError(error: unknown): void {
  if (!(error instanceof KeeperError)) throw error;
}
