/**
 * The servers of a connect string in the order in which a client tries them (ZooKeeper's StaticHostProvider,
 * PROTOCOL.md 2.11): shuffled once, then cycled. Pure: the shuffle's randomness comes in.
 */
import { assert } from '../../shared/assert.ts';
import type { HostPort } from './connect-string.ts';

/** A copy in random order (Fisher and Yates); `random` gives numbers from 0 up to, not including, 1. */
export function shuffleHosts(hosts: readonly HostPort[], random: () => number): HostPort[] {
  const rest = [...hosts];
  const shuffled: HostPort[] = [];
  while (rest.length > 0) shuffled.push(...rest.splice(Math.floor(random() * rest.length), 1));
  return shuffled;
}

export class HostList {
  readonly #hosts: readonly HostPort[];
  #next = 0;
  /** Attempts since the last success: a full round without one calls for a pause. */
  #attempts = 0;

  constructor(hosts: readonly HostPort[]) {
    assert(hosts.length > 0, 'a host list needs a host');
    this.#hosts = hosts;
  }

  get size(): number {
    return this.#hosts.length;
  }

  /** Whether every host was tried since the last success (or the start), so that the next attempt begins a new round. */
  get isRoundComplete(): boolean {
    return this.#attempts > 0 && this.#attempts % this.#hosts.length === 0;
  }

  /** The host to try now; the following call gives the one behind it. */
  next(): HostPort {
    this.#attempts++;
    return this.#advance();
  }

  /** A host to look at without an attempt to connect (the probe for a read-write server). */
  peekNext(): HostPort {
    return this.#advance();
  }

  /** Makes `host` the one that {@link next} gives, and begins a new round. */
  prefer(host: HostPort): void {
    this.#next = Math.max(0, this.#hosts.indexOf(host));
    this.#attempts = 0;
  }

  onConnected(): void {
    this.#attempts = 0;
  }

  #advance(): HostPort {
    const host = this.#hosts[this.#next];
    assert(host !== undefined, 'the cursor stays within the list');
    this.#next = (this.#next + 1) % this.#hosts.length;
    return host;
  }
}
