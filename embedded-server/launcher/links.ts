/**
 * The links between the servers of an ensemble. A link joins two servers: every connection that either of them makes to
 * the other, for votes and for the quorum, goes through one of its ports. What is done to a link is done both ways, or
 * only to what `a` sends to `b`.
 *
 * An ensemble may do without: its servers then reach each other directly, and nothing can be cut.
 */
import type { QuorumPorts } from './ensemble-plan.ts';
import { FaultError } from './fault-error.ts';
import type { PortPool } from './free-port.ts';
import { LinkProxy } from './link-proxy.ts';
import type { LineQuality } from './one-way.ts';

export interface Ends {
  readonly a: number;
  readonly b: number;
}

export interface Direction {
  /** Whether only what `a` sends to `b` is meant. */
  readonly isOneWay: boolean;
}

/** How a link is: from `a` to `b`, and back. */
export interface LinkStatus extends Ends {
  readonly there: LineQuality;
  readonly back: LineQuality;
}

interface Link extends LinkStatus {
  readonly there: Line;
  readonly back: Line;
  readonly proxies: LinkProxy[];
}

type Line = { -readonly [Key in keyof LineQuality]: LineQuality[Key] };

interface Way {
  readonly quorum: LinkProxy;
  readonly election: LinkProxy;
}

type Listener = QuorumPorts & { readonly sid: number };

const HOST = '127.0.0.1';
const DELAY_MS_MAX = 600_000;
const BOTH_WAYS: Direction = { isOneWay: false };
const WHOLE: LineQuality = { isCut: false, delayMs: 0, bytesPerSecond: undefined };

export class Links {
  readonly #links: Link[] = [];
  readonly #ways = new Map<string, Way>();
  readonly #listeners = new Map<number, Listener>();
  readonly #isDirect: boolean;

  private constructor(isDirect: boolean) {
    this.#isDirect = isDirect;
  }

  /** None at all. */
  static none(servers: readonly Listener[]): Links {
    const links = new Links(true);
    for (const server of servers) links.#listeners.set(server.sid, server);
    return links;
  }

  /** Opens all links among these servers. */
  static async open(servers: readonly Listener[], ports: PortPool): Promise<Links> {
    const links = new Links(false);
    try {
      for (const server of servers) await links.addServer(server, ports);
    } catch (error) {
      await links.close();
      throw error;
    }
    return links;
  }

  /** Whether there are none: servers reach each other directly. */
  get isDirect(): boolean {
    return this.#isDirect;
  }

  /** Opens the links between it and all others. */
  async addServer(server: Listener, ports: PortPool): Promise<void> {
    const others = [...this.#listeners.values()];
    this.#listeners.set(server.sid, server);
    if (this.#isDirect) return;
    for (const other of others) {
      if (other.sid < server.sid) await this.#add(other, server, ports);
      else await this.#add(server, other, ports);
    }
  }

  /** Closes its links to all others. */
  async removeServer(sid: number): Promise<void> {
    this.#listeners.delete(sid);
    const gone = this.#links.filter(({ a, b }) => a === sid || b === sid);
    for (const link of gone) {
      this.#links.splice(this.#links.indexOf(link), 1);
      this.#ways.delete(`${link.a}-${link.b}`);
      this.#ways.delete(`${link.b}-${link.a}`);
    }
    await Promise.all(gone.flatMap(({ proxies }) => proxies.map((proxy) => proxy.close())));
  }

  /** The ports where `from` reaches `to`. */
  portsOf(ends: { readonly from: number; readonly to: number }): QuorumPorts {
    const direct = this.#isDirect ? this.#listeners.get(ends.to) : undefined;
    if (direct !== undefined) return direct;
    const { quorum, election } = this.#way(ends);
    return { quorumPort: quorum.port, electionPort: election.port };
  }

  get status(): readonly LinkStatus[] {
    return this.#links.map(({ a, b, there, back }) => ({ a, b, there: { ...there }, back: { ...back } }));
  }

  /**
   * Both ways: connections end at once, and new ones as soon as they are made. One way: those that there are stay, and
   * what is sent that way does not arrive; there are no new ones.
   */
  cut(ends: Ends, direction = BOTH_WAYS): void {
    const link = this.#find(ends);
    for (const line of linesOf(link, ends, direction)) line.isCut = true;
    if (!link.there.isCut || !link.back.isCut) return;
    for (const proxy of link.proxies) proxy.dropConnections();
  }

  /** As it was at first: whole, without delay, at full speed. */
  heal(ends: Ends, direction = BOTH_WAYS): void {
    const link = this.#find(ends);
    for (const line of linesOf(link, ends, direction)) Object.assign(line, WHOLE);
    for (const proxy of link.proxies) proxy.wake();
  }

  /** Whatever is sent from now on arrives this much later. */
  delay(ends: Ends, delayMs: number, direction = BOTH_WAYS): void {
    if (!(delayMs >= 0 && delayMs <= DELAY_MS_MAX)) {
      throw new FaultError('BAD_VALUE', `a delay must be between 0 and ${DELAY_MS_MAX} milliseconds`);
    }
    for (const line of linesOf(this.#find(ends), ends, direction)) line.delayMs = delayMs;
  }

  /** From now on no connection carries more than this, each way; undefined: as much as it can. */
  throttle(ends: Ends, bytesPerSecond: number | undefined): void {
    if (bytesPerSecond !== undefined && !(bytesPerSecond >= 1)) {
      throw new FaultError('BAD_VALUE', 'a link carries at least one byte a second: cut it to carry none');
    }
    for (const line of linesOf(this.#find(ends), ends, BOTH_WAYS)) line.bytesPerSecond = bytesPerSecond;
  }

  /**
   * Cuts the links between servers of different groups, and joins again what is in one group. Servers that are not named
   * form one more group.
   */
  partition(groups: readonly (readonly number[])[]): void {
    if (this.#isDirect) throw new FaultError('NOT_SUPPORTED', 'this ensemble was started without links');
    const groupOf = (sid: number): number => groups.findIndex((group) => group.includes(sid));
    for (const link of this.#links) {
      const isWithin = groupOf(link.a) === groupOf(link.b);
      if (!isWithin) this.cut(link);
      else this.#join(link);
    }
  }

  healAll(): void {
    for (const link of this.#links) this.heal(link);
  }

  async close(): Promise<void> {
    await Promise.all(this.#links.flatMap(({ proxies }) => proxies.map((proxy) => proxy.close())));
  }

  #join({ there, back, proxies }: Link): void {
    there.isCut = false;
    back.isCut = false;
    for (const proxy of proxies) proxy.wake();
  }

  async #add(a: Listener, b: Listener, ports: PortPool): Promise<void> {
    const link: Link = {
      a: a.sid,
      b: b.sid,
      there: { ...WHOLE },
      back: { ...WHOLE },
      proxies: [],
    };
    this.#links.push(link);
    await this.#addWay({ link, from: a, to: b, ports });
    await this.#addWay({ link, from: b, to: a, ports });
  }

  async #addWay(options: { link: Link; from: Listener; to: Listener; ports: PortPool }): Promise<void> {
    const { link, from, to, ports } = options;
    const [there, back] = from.sid === link.a ? [link.there, link.back] : [link.back, link.there];
    const quorum = await LinkProxy.open(ports, { targetPort: to.quorumPort, there, back });
    link.proxies.push(quorum);
    const election = await LinkProxy.open(ports, {
      targetPort: to.electionPort,
      there,
      back,
      greetingAddress: () => `${HOST}:${this.#way({ from: to.sid, to: from.sid }).election.port}`,
    });
    link.proxies.push(election);
    this.#ways.set(`${from.sid}-${to.sid}`, { quorum, election });
  }

  #way({ from, to }: { readonly from: number; readonly to: number }): Way {
    const way = this.#ways.get(`${from}-${to}`);
    if (way === undefined) throw noSuchLink({ a: from, b: to });
    return way;
  }

  #find(ends: Ends): Link {
    const link = this.#links.find(
      ({ a, b }) => (a === ends.a && b === ends.b) || (a === ends.b && b === ends.a),
    );
    if (link === undefined) throw noSuchLink(ends);
    return link;
  }
}

/** The lines of a link that are meant by its ends as somebody named them. */
function linesOf({ a, there, back }: Link, ends: Ends, { isOneWay }: Direction): readonly Line[] {
  if (!isOneWay) return [there, back];
  return ends.a === a ? [there] : [back];
}

function noSuchLink({ a, b }: Ends): FaultError {
  return new FaultError('NO_SUCH_LINK', `no link joins server ${a} and server ${b}`);
}
