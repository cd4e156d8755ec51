/**
 * The servers that a test works on: Zabra's own and Apache 3.8.0, and clients beside the one under test. All end with the
 * test or the hook that started them.
 */
import { describe, onTestFinished } from 'vitest';
import type { ClientOptions } from '../../../electron/client/client-options.ts';
import { ZooKeeperClient } from '../../../electron/client/client.ts';
import { missingForApache, startApache } from '../../support/apache-server.ts';
import { startBuiltin } from '../../support/builtin-server.ts';
import type { RunningServer } from '../../support/child-server.ts';

/** Everything that Sessions and Cluster ask for is told; sessions end soon after their clients are gone. */
export const TELLING = {
  '4lw.commands.whitelist': '*',
  tickTime: '500',
  extendedTypesEnabled: 'true',
  maxClientCnxns: '0',
} as const;

export type EngineName = 'builtin' | 'apache';

const ENGINES = {
  builtin: { title: 'the embedded server', start: startBuiltin },
  apache: { title: 'Apache 3.8.0', start: startApache },
} as const;

export interface Engine {
  readonly name: EngineName;
  /** A server that ends with the test. */
  start(config?: Readonly<Record<string, string>>): Promise<RunningServer>;
}

/** Declares tests once an engine. Where Apache cannot run its half is skipped with one loud line; with CI=true it fails. */
export function describeEngines(
  title: string,
  names: readonly EngineName[],
  define: (engine: Engine) => void,
): void {
  for (const name of names) {
    const missing = name === 'apache' ? missingForApache() : undefined;
    const isSkipped = missing !== undefined && process.env['CI'] !== 'true';
    if (isSkipped) console.warn(`*** ${title} against Apache ZooKeeper IS SKIPPED: ${missing} ***`);
    describe.skipIf(isSkipped)(`${title}, ${ENGINES[name].title}`, () => {
      define({
        name,
        start: async (config = {}) => {
          if (missing !== undefined) throw new Error(missing);
          const server = await ENGINES[name].start({ ...TELLING, ...config });
          onTestFinished(() => server.stop());
          return server;
        },
      });
    });
  }
}

/** A second client, connected; closed with the test. */
export async function connectClient(
  connectString: string,
  options: Partial<ClientOptions> = {},
): Promise<ZooKeeperClient> {
  const client = new ZooKeeperClient({ connectString, ...options });
  await client.connect();
  onTestFinished(() => client.close());
  return client;
}

export const bytesOf = (text: string): Uint8Array => new TextEncoder().encode(text);
export const textOfBytes = (bytes: Uint8Array | null): string | null =>
  bytes === null ? null : new TextDecoder().decode(bytes);
