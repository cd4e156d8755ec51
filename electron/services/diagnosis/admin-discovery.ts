/**
 * Looks whether a server of a cluster that somebody else runs has its AdminServer where Apache puts it: nothing that clients can
 * read says where it is. It counts only when it names the very client port that is known.
 */
import { z } from 'zod';
import type { HostPort } from '../../client/connect-string.ts';

const ADMIN_PORT_DEFAULT = 8080;
const ANSWER_MS_MAX = 2_000;
const Configuration = z.object({ client_port: z.int() });

/** Its URL without a slash at the end; undefined when there is none. */
export async function findAdminServer(
  { host, port }: HostPort,
  signal: AbortSignal,
): Promise<string | undefined> {
  const url = `http://${host.includes(':') ? `[${host}]` : host}:${ADMIN_PORT_DEFAULT}`;
  try {
    const response = await fetch(`${url}/commands/configuration`, {
      redirect: 'error',
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_MS_MAX)]),
    });
    const answer = Configuration.safeParse(await response.json());
    return answer.data?.client_port === port ? url : undefined;
  } catch {
    return undefined;
  }
}
