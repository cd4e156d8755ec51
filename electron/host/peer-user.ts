/**
 * Whose process is at the other end of a loopback connection, from Linux's table of TCP sockets. Closes what a cookie alone
 * leaves open to other users of the machine (access.ts). Elsewhere, and where the table cannot be read, it is not known.
 */
import { readFile } from 'node:fs/promises';

/** The uid of the socket with this local port that is connected to `serverPort`, in the text of /proc/net/tcp. Pure. */
export function uidInTable(
  table: string,
  { clientPort, serverPort }: { clientPort: number; serverPort: number },
): number | undefined {
  const local = `0100007F:${hexPort(clientPort)}`;
  const remote = `0100007F:${hexPort(serverPort)}`;
  for (const line of table.split('\n')) {
    // sl local_address rem_address st tx_queue:rx_queue tr:tm->when retrnsmt uid …
    const fields = line.trim().split(/\s+/);
    if (fields[1] === local && fields[2] === remote && fields[7] !== undefined) return Number(fields[7]);
  }
  return undefined;
}

function hexPort(port: number): string {
  return port.toString(16).toUpperCase().padStart(4, '0');
}

/** False only when the peer is known to be another user than ours and root. */
export async function isPeerAllowed(ports: { clientPort: number; serverPort: number }): Promise<boolean> {
  if (process.platform !== 'linux') return true;
  let table: string;
  try {
    table = await readFile('/proc/net/tcp', 'utf8');
  } catch {
    return true;
  }
  const uid = uidInTable(table, ports);
  return uid === undefined || uid === 0 || uid === process.getuid?.();
}
