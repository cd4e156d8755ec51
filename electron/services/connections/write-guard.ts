/**
 * Whether writes go out through a connection. A production connection is locked until a person unlocks it, and falls back
 * to locked when the time is over. Every write of every service passes {@link WriteGuardian.requireOpen}
 * (open-connection.ts hands out a client that can write only through it).
 */
import type { Environment, WriteGuard } from '../../../shared/api/connections.ts';
import { assertNever } from '../../../shared/assert.ts';
import { ShellError } from '../shell-error.ts';

const MINUTE_MS = 60_000;

/** What a profile says about writes. */
export interface WritePolicy {
  readonly environment: Environment;
  readonly isReadOnly: boolean;
}

export class WriteGuardian {
  #environment: Environment;
  #isReadOnly: boolean;
  readonly #onChange: () => void;
  #unlockedUntilMs: number | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(options: WritePolicy & { readonly onChange: () => void }) {
    this.#environment = options.environment;
    this.#isReadOnly = options.isReadOnly;
    this.#onChange = options.onChange;
  }

  get state(): WriteGuard {
    if (this.#isReadOnly) return { kind: 'read-only' };
    if (this.#environment !== 'production') return { kind: 'open' };
    // The clock decides, not the timer, which may be late after the machine slept.
    if (this.#unlockedUntilMs === undefined || Date.now() >= this.#unlockedUntilMs) return { kind: 'locked' };
    return { kind: 'unlocked', untilMs: this.#unlockedUntilMs };
  }

  /** The profile was changed. Holds at once: what is called production from now on is locked from now on. */
  follow({ environment, isReadOnly }: WritePolicy): void {
    if (environment !== this.#environment) this.lock();
    this.#environment = environment;
    this.#isReadOnly = isReadOnly;
    this.#onChange();
  }

  /** Throws ShellError READ_ONLY_PROFILE or PRODUCTION_LOCKED; nothing was sent then. */
  requireOpen(): void {
    const { kind } = this.state;
    switch (kind) {
      case 'open':
      case 'unlocked':
        return;
      case 'read-only':
        throw new ShellError('READ_ONLY_PROFILE', 'this connection is read-only; nothing was sent');
      case 'locked':
        throw new ShellError('PRODUCTION_LOCKED', 'this production connection is locked; nothing was sent');
      default:
        assertNever(kind, 'write guard');
    }
  }

  /** Throws ShellError READ_ONLY_PROFILE. Nothing happens where there is no lock. */
  unlock(minutes: number): void {
    if (this.#isReadOnly) this.requireOpen();
    if (this.#environment !== 'production') return;
    clearTimeout(this.#timer);
    this.#unlockedUntilMs = Date.now() + minutes * MINUTE_MS;
    this.#timer = setTimeout(() => this.lock(), minutes * MINUTE_MS);
    this.#timer.unref();
    this.#onChange();
  }

  lock(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#unlockedUntilMs = undefined;
    this.#onChange();
  }

  dispose(): void {
    clearTimeout(this.#timer);
  }
}
