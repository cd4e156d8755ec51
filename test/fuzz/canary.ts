/** A well-behaved session beside the fuzzed ones: it writes and reads without pause, and remembers the slowest answer. */
import { OPEN_ACL_UNSAFE } from '../../shared/acl.ts';
import { create } from '../../shared/protocol/create.ts';
import { getData } from '../../shared/protocol/get-data.ts';
import { setData } from '../../shared/protocol/set-data.ts';
import { RawClient } from '../support/raw-client.ts';

const PATH = '/canary';

export class Canary {
  readonly #client: RawClient;
  #isStopped = false;
  #xid = 1;
  #worstMs = 0;
  #rounds = 0;
  readonly #singing: Promise<void>;

  private constructor(client: RawClient) {
    this.#client = client;
    this.#singing = this.#sing();
    // Whoever asks for the result hears of it.
    this.#singing.catch(() => undefined);
  }

  static async start(server: { host: string; port: number }): Promise<Canary> {
    const client = await RawClient.connect(server);
    await client.request(0x7000_0000, create, { path: PATH, data: null, acl: OPEN_ACL_UNSAFE, flags: 0 });
    return new Canary(client);
  }

  /** Ends the session; rejects when an answer was missing or wrong. */
  async stop(): Promise<{ worstMs: number; rounds: number }> {
    this.#isStopped = true;
    try {
      await this.#singing;
    } finally {
      this.#client.destroy();
    }
    return { worstMs: this.#worstMs, rounds: this.#rounds };
  }

  async #sing(): Promise<void> {
    while (!this.#isStopped) {
      const data = new TextEncoder().encode(`song ${this.#rounds}`);
      const startMs = performance.now();
      const written = await this.#client.request(this.#xid++, setData, { path: PATH, data, version: -1 });
      const read = await this.#client.request(this.#xid++, getData, { path: PATH, watch: false });
      this.#worstMs = Math.max(this.#worstMs, performance.now() - startMs);
      if (written.err !== 0 || read.err !== 0)
        throw new Error(`the canary got ${written.err} and ${read.err}`);
      const heard = getData.decodeResponse(read.body).data;
      if (!heard || Buffer.compare(heard, data) !== 0)
        throw new Error('the canary read what it did not write');
      this.#rounds++;
    }
  }
}
