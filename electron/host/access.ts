/**
 * Who may talk to the browser host. Pure decisions over a request's headers.
 *
 * - DNS rebinding: a foreign name that resolves to 127.0.0.1 arrives with its own Host, so only the exact address is taken.
 * - Other sites' pages: a WebSocket is open to every origin unless the server looks, so Origin must be ours; the cookie is
 *   SameSite=Strict besides.
 * - Other users of the machine: they reach the port, so every request needs a secret. The key in the printed address holds
 *   for this run (only the terminal shows it). A command line is visible to others, so the address given to a browser
 *   carries a ticket that works once. Both are traded for a cookie, whose value is neither, and then leave the address.
 * - Cookies do not know ports: a server of another user on 127.0.0.1 would be sent ours if the person opened it in the same
 *   browser profile. On Linux the host therefore looks up whose process connects as well (peer-user.ts).
 */
import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface RequestFacts {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  readonly cookie: string | undefined;
  readonly isWebSocket: boolean;
}

export type Refusal = 'host' | 'origin' | 'secret';

/** The query parameter with a key or a ticket. */
export const ENTRY_PARAMETER = 'key';

export class Access {
  readonly #port: number;
  readonly #key = newSecret();
  readonly #session = newSecret();
  readonly #tickets = new Set<string>();

  constructor(port: number) {
    this.#port = port;
  }

  get origin(): string {
    return `http://127.0.0.1:${this.#port}`;
  }

  /** The address that holds for this run, to be shown to the person only. */
  get printedUrl(): string {
    return `${this.origin}/?${ENTRY_PARAMETER}=${this.#key}`;
  }

  /** An address that opens the app once, for a command line. */
  newTicketUrl(): string {
    const ticket = newSecret();
    this.#tickets.add(ticket);
    return `${this.origin}/?${ENTRY_PARAMETER}=${ticket}`;
  }

  /** Why a request is refused; undefined when it may pass. */
  refuse(request: RequestFacts): Refusal | undefined {
    return this.refuseSource(request) ?? (this.#hasSession(request.cookie) ? undefined : 'secret');
  }

  /** The part of {@link refuse} that does not need the cookie: for the request that is to get it. */
  refuseSource({ host, origin, isWebSocket }: RequestFacts): Refusal | undefined {
    if (host !== `127.0.0.1:${this.#port}`) return 'host';
    const isOriginNeeded = isWebSocket || origin !== undefined;
    return isOriginNeeded && origin !== this.origin ? 'origin' : undefined;
  }

  /** The cookie for a valid key or ticket; a ticket is used up by it. */
  redeem(secret: string): string | undefined {
    const isTicket = this.#tickets.delete(secret);
    if (!isTicket && !isEqual(secret, this.#key)) return undefined;
    return `${this.#cookieName}=${this.#session}; Path=/; HttpOnly; SameSite=Strict`;
  }

  get #cookieName(): string {
    return `zabra-${this.#port}`;
  }

  #hasSession(cookie: string | undefined): boolean {
    const pairs = (cookie ?? '').split(';').map((pair) => pair.trim());
    const prefix = `${this.#cookieName}=`;
    return pairs.some((pair) => pair.startsWith(prefix) && isEqual(pair.slice(prefix.length), this.#session));
  }
}

function newSecret(): string {
  return randomBytes(32).toString('base64url');
}

/** In time that does not depend on where two texts differ. */
function isEqual(a: string, b: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
