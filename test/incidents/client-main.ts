/**
 * A client with a session and an ephemeral node. Arguments: connect string, timeout in milliseconds. It prints
 * `connected 0x… host:port` whenever it has a server, and closes its session when its standard input ends.
 */
import { sessionIdToHex } from '../../shared/ids.ts';
import { ZooKeeperClient } from '../../electron/client/client.ts';

const [connectString = '', timeoutMs = '10000'] = process.argv.slice(2);
const client = new ZooKeeperClient({ connectString, sessionTimeoutMs: Number(timeoutMs) });

client.onState(({ state, server }) => {
  const { sessionId } = client.facts;
  if (state === 'connected' && sessionId !== undefined) {
    process.stdout.write(`connected ${sessionIdToHex(sessionId)} ${server ?? ''}\n`);
  }
});
process.stdin.once('end', () => {
  void client.close().then(() => process.exit(0));
});
process.stdin.resume();
await client.connect({ keepTrying: true });
await client.create('/member-', { mode: 'EPHEMERAL_SEQUENTIAL' });
