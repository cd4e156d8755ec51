/** An open connection to a real server: what it knows of the server that it is connected to. */
import { expect, test } from 'vitest';
import { ServerQuestions } from '../../../../../electron/services/cluster/server-questions.ts';
import { OpenConnection } from '../../../../../electron/services/connections/open-connection.ts';
import { silentLog } from '../../../../../electron/log.ts';
import { startEnsemble } from '../../../../../embedded-server/launcher/start-ensemble.ts';
import { PROFILE_DEFAULTS } from '../../../../../shared/api/connections.ts';
import { findFreePort } from '../../../../support/ports.ts';
import { waitFor } from '../../../../support/wait.ts';

const SECONDS = 1_000;

test(
  'a server that was away until the connection was made is asked anew who it is',
  { timeout: 30 * SECONDS },
  async () => {
    const ensemble = await startEnsemble({ servers: 1, clientPort: await findFreePort() });
    const [{ host, clientPort: port }] = ensemble.servers as [(typeof ensemble.servers)[0]];
    const questions = new ServerQuestions();
    const away = { standing: 'refused', text: undefined, isForbidden: false } as const;
    questions.onHeard({ host, port }, { word: 'srvr', answer: away, tookMs: 1, atMs: Date.now() });
    const draft = { ...PROFILE_DEFAULTS, name: 'test', servers: `${host}:${port}` };
    const connection = new OpenConnection({
      profile: { connectionId: 'c', draft, ensembleId: undefined, createdAtMs: 0 },
      password: undefined,
      questions,
      observer: { onStatus: () => undefined, onSession: () => undefined },
      log: silentLog,
    });
    // Well before it is looked at again because of its age.
    await waitFor('its role is known', () => connection.status.serverRole !== null, 5 * SECONDS);
    expect(connection.status).toMatchObject({ state: 'connected', serverRole: 'standalone' });
    await connection.close();
    await ensemble.close();
  },
);
