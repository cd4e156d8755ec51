/**
 * The servers that a test works on: Zabra's own and Apache 3.8.0, and clients beside the one under test. All end with the
 * test or the hook that started them.
 */
import { afterAll, beforeAll, describe, onTestFinished } from 'vitest';
import type { ClientOptions } from '../../../electron/client/client-options.ts';
import { ZooKeeperClient } from '../../../electron/client/client.ts';
import { assert } from '../../../shared/assert.ts';
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
  /** Runs from the first to the last test of the group. */
  readonly server: RunningServer;
}

/**
 * Declares a group of tests once an engine, each with one server. Where Apache cannot run its half is skipped with one loud
 * line; with CI=true it fails.
 */
export function describeEngines(
  title: string,
  names: readonly EngineName[],
  define: (engine: Engine) => void,
): void {
  for (const name of names) {
    const missing = name === 'apache' ? missingForApache() : undefined;
    const isSkipped = missing !== undefined && process.env['CI'] !== 'true';
    // eslint-disable-next-line no-console -- a skipped suite is said loudly
    if (isSkipped) console.warn(`*** ${title} against Apache ZooKeeper IS SKIPPED: ${missing} ***`);
    describe.skipIf(isSkipped)(`${title}, ${ENGINES[name].title}`, () => {
      let server: RunningServer | undefined;
      beforeAll(async () => {
        if (missing !== undefined) throw new Error(missing);
        server = await ENGINES[name].start(TELLING);
      });
      afterAll(() => server?.stop());
      define({
        name,
        get server() {
          assert(server !== undefined, 'used while a test runs');
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
