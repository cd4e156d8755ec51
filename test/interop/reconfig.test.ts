/**
 * Reconfiguration of ensembles of Zabra's servers, of Apache's, and of both: servers join, change their role and leave, the
 * leader among them, and all tell the same configuration, to the byte.
 */
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ZooKeeperClient } from '../../electron/client/client.ts';
import { sendFourLetterWord } from '../../electron/client/four-letter-word.ts';
import type { EngineName } from '../../embedded-server/launcher/ensemble-description.ts';
import type { ReconfigRequest } from '../../shared/protocol/reconfig.ts';
import { missingForApache } from '../support/apache-server.ts';
import { MixedEnsemble } from '../support/mixed-ensemble.ts';
import { findFreePort } from '../support/ports.ts';
import { waitFor } from '../support/wait.ts';
import { describeWithTool } from './missing-tool.ts';
import { runZkCli, zkCli } from './zkcli-client.ts';

const CONVERGE_MS_MAX = 30_000;
const CONFIG = { tickTime: '500', reconfigEnabled: 'true', skipACL: 'yes', '4lw.commands.whitelist': '*' };
const NOTHING: ReconfigRequest = {
  joiningServers: null,
  leavingServers: null,
  newMembers: null,
  curConfigId: -1n,
};

interface Composition {
  readonly members: readonly EngineName[];
  readonly newcomer: EngineName;
}

const COMPOSITIONS: readonly Composition[] = [
  { members: ['builtin', 'builtin', 'builtin'], newcomer: 'builtin' },
  { members: ['builtin', 'apache', 'builtin'], newcomer: 'apache' },
  { members: ['builtin', 'builtin', 'apache'], newcomer: 'builtin' },
  { members: ['apache', 'apache', 'apache'], newcomer: 'apache' },
];

describeWithTool({ name: 'reconfiguration', missing: missingForApache }, () => {
  for (const composition of COMPOSITIONS) {
    describe(`${composition.members.join(', ')} and ${composition.newcomer}`, () => defineTests(composition));
  }
});

function defineTests({ members, newcomer }: Composition): void {
  const NEWCOMER = 4;
  let ensemble: MixedEnsemble;
  let client: ZooKeeperClient;
  let current = '';

  beforeAll(async () => {
    ensemble = await MixedEnsemble.open(members, CONFIG, { newcomers: [newcomer] });
    // First, so that it is there when they elect.
    await ensemble.start(3);
    await ensemble.start(1, 2);
    await ensemble.untilMode(3, 'leader');
    await Promise.all([1, 2].map((sid) => ensemble.untilServing(sid)));
    client = new ZooKeeperClient({
      connectString: [1, 2].map((sid) => ensemble.connectStringOf(sid)).join(','),
      sessionTimeoutMs: 10_000,
    });
    await client.connect();
    await client.create('/n');
  });

  afterAll(async () => {
    await client.close();
    await ensemble.close();
  });

  async function configOf(sid: number): Promise<string> {
    const own = new ZooKeeperClient({ connectString: ensemble.connectStringOf(sid), sessionTimeoutMs: 4000 });
    await own.connect();
    try {
      await own.sync('/zookeeper/config');
      const { data, stat } = await own.getData('/zookeeper/config');
      const text = Buffer.from(data ?? []).toString();
      expect(text.endsWith(`\nversion=${stat.mzxid.toString(16)}`)).toBe(true);
      expect([stat.version, stat.czxid]).toEqual([-1, 0n]);
      return text;
    } finally {
      await own.close();
    }
  }

  async function expectEverywhere(sids: readonly number[], lines: readonly string[]): Promise<void> {
    await waitFor(
      'all have one configuration',
      async () => {
        const texts = await Promise.all(sids.map(configOf));
        current = texts[0]!;
        return new Set(texts).size === 1;
      },
      CONVERGE_MS_MAX,
    );
    expect(current.split('\n').slice(0, -1)).toEqual(lines);
  }

  /** Tried again while the one that leads is about to change. */
  async function reconfigure(changes: Partial<ReconfigRequest>): Promise<void> {
    let text = '';
    await waitFor(
      'the ensemble is reconfigured',
      async () => {
        const { data } = await client.reconfig({ ...NOTHING, ...changes });
        text = Buffer.from(data ?? []).toString();
        return true;
      },
      CONVERGE_MS_MAX,
    );
    await waitFor('server 1 has it', async () => (await configOf(1)) === text, CONVERGE_MS_MAX);
  }

  const line = (sid: number, role: 'participant' | 'observer' = 'participant'): string =>
    ensemble.lineOf(sid, role);

  test('all begin with the configuration of their first epoch', async () => {
    await expectEverywhere([1, 2, 3], [line(1), line(2), line(3)]);
    expect(current).toMatch(/version=100000000$/);
  });

  test.each<[string, Partial<ReconfigRequest>, string]>([
    ['another version is current', { leavingServers: '1', curConfigId: 7n }, 'BADVERSION'],
    ['a server names no client port', { joiningServers: 'server.9=h:1:2:participant' }, 'BADARGUMENTS'],
    ['one voter would be left', { leavingServers: '1,2' }, 'BADARGUMENTS'],
    ['a server has no number', { leavingServers: 'one' }, 'MARSHALLINGERROR'],
    ['a bulk change names something else', { newMembers: 'tickTime=1' }, 'BADARGUMENTS'],
    [
      'its voters are not there',
      {
        joiningServers: [7, 8, 9]
          .map((sid) => `server.${sid}=127.0.0.1:${sid}:1${sid}:participant;2${sid}`)
          .join(','),
      },
      'NEWCONFIGNOQUORUM',
    ],
  ])('refused as long as %s', async (_, changes, code) => {
    await expect(client.reconfig({ ...NOTHING, ...changes })).rejects.toMatchObject({ code });
    await expectEverywhere([1, 2, 3], [line(1), line(2), line(3)]);
  });

  test('a newcomer follows without a vote, then joins', async () => {
    await ensemble.start(NEWCOMER);
    await ensemble.untilMode(NEWCOMER, 'follower');
    await reconfigure({ joiningServers: line(NEWCOMER) });
    await expectEverywhere([1, 2, 3, NEWCOMER], [line(1), line(2), line(3), line(NEWCOMER)]);
  });

  test('a follower becomes an observer', async () => {
    await reconfigure({ joiningServers: line(NEWCOMER, 'observer') });
    await ensemble.untilMode(NEWCOMER, 'observer');
    await expectEverywhere([1, 2, 3, NEWCOMER], [line(1), line(2), line(3), line(NEWCOMER, 'observer')]);
  });

  test('the leader leaves: another leads, and it follows without a vote', async () => {
    await reconfigure({ leavingServers: '3', joiningServers: line(NEWCOMER) });
    await ensemble.untilMode(3, 'follower');
    await Promise.all([1, 2, NEWCOMER].map((sid) => ensemble.untilServing(sid)));
    await waitFor(
      'a write goes through',
      async () => {
        await client.setData('/n', Buffer.from('without 3'));
        return true;
      },
      CONVERGE_MS_MAX,
    );
    await expectEverywhere([1, 2, 3, NEWCOMER], [line(1), line(2), line(NEWCOMER)]);
  });

  test('in bulk: the leader comes back and the newcomer goes', async () => {
    await reconfigure({ newMembers: [line(1), line(2), line(3)].join('\n') });
    await expectEverywhere([1, 2, 3, NEWCOMER], [line(1), line(2), line(3)]);
  });

  test('in bulk: quorums by groups and weights, which cannot be changed one server at a time', async () => {
    const groups = ['group.1=1:2', 'group.2=3'];
    await reconfigure({ newMembers: [line(1), line(2), line(3), ...groups, 'weight.2=2'].join(',') });
    const weights = ['weight.1=1', 'weight.2=2', 'weight.3=1'];
    await expectEverywhere([1, 2, 3], [line(1), line(2), line(3), ...groups, ...weights]);
    await expect(client.reconfig({ ...NOTHING, leavingServers: '3' })).rejects.toMatchObject({
      code: 'BADARGUMENTS',
    });
    await reconfigure({ newMembers: [line(1), line(2), line(3)].join('\n') });
  });

  test('all start again with what they had agreed upon', async () => {
    await expectEverywhere([1, 2, 3], [line(1), line(2), line(3)]);
    const before = current;
    await ensemble.stop(NEWCOMER);
    await Promise.all([1, 2, 3].map((sid) => ensemble.kill(sid)));
    await ensemble.start(1, 2, 3);
    await Promise.all([1, 2, 3].map((sid) => ensemble.untilServing(sid)));
    await expectEverywhere([1, 2, 3], [line(1), line(2), line(3)]);
    expect(current).toBe(before);
  });
}

describeWithTool({ name: 'ports that are moved by a reconfiguration', missing: missingForApache }, () => {
  test('a builtin follower goes there at once: connections stay, and who starts anew finds it', async () => {
    const ensemble = await MixedEnsemble.open(['builtin', 'apache', 'builtin'], CONFIG, {
      newcomers: ['builtin'],
    });
    const [quorumPort, electionPort, clientPort] = [
      await findFreePort(),
      await findFreePort(),
      await findFreePort(),
    ];
    const client = new ZooKeeperClient({
      connectString: ensemble.connectStringOf(1),
      sessionTimeoutMs: 10_000,
    });
    try {
      await ensemble.start(3);
      await ensemble.start(1, 2);
      await ensemble.untilMode(3, 'leader');
      await Promise.all([1, 2].map((sid) => ensemble.untilServing(sid)));
      await client.connect();
      const { sessionId } = client.facts;
      const line = `server.1=127.0.0.1:${quorumPort}:${electionPort}:participant;127.0.0.1:${clientPort}`;
      await client.reconfig({ ...NOTHING, joiningServers: line });
      const at = { host: '127.0.0.1', port: clientPort };
      await waitFor('it answers at its new port', async () => {
        const answer = await sendFourLetterWord(at, 'srvr', { timeoutMs: 2000 });
        return answer.status === 'ok' && answer.text.includes('Mode: follower');
      });
      const before = { ...at, port: ensemble.portOf(1) };
      await expect(sendFourLetterWord(before, 'srvr', { timeoutMs: 2000 })).rejects.toThrow(
        'nothing listens',
      );
      await client.create('/over-the-old-connection');
      expect(client.facts.sessionId).toBe(sessionId);
      // Without server 3 the other two need each other, and server 2 knows nobody's connection any more.
      await ensemble.kill(3);
      await ensemble.kill(2);
      await ensemble.start(2);
      await ensemble.untilServing(2);
    } finally {
      await client.close();
      await ensemble.close();
    }
  });
});

describeWithTool({ name: "reconfiguration by Apache's zkCli", missing: () => zkCli.missing() }, () => {
  test('it shows the configuration of builtin servers, and changes it', async () => {
    const ensemble = await MixedEnsemble.open(['builtin', 'builtin', 'builtin'], CONFIG);
    try {
      await ensemble.start(1, 2, 3);
      await ensemble.untilMode(3, 'leader');
      const server = ensemble.connectStringOf(1);
      const lines = [1, 2, 3].map((sid) => ensemble.lineOf(sid, 'participant'));
      expect(await runZkCli(server, 'config')).toContain([...lines, 'version=100000000'].join('\n'));
      const removed = await runZkCli(server, 'reconfig', '-remove', '3');
      expect(removed).toContain(`Committed new configuration:\n${lines.slice(0, 2).join('\n')}\nversion=`);
      // It was the leader: zkCli gives up where a server hangs up on it, as they do when their leader changes.
      await ensemble.untilLedByOneOf([1, 2]);
      await ensemble.untilServing(1);
      const added = await runZkCli(server, 'reconfig', '-add', ensemble.lineOf(3, 'observer'));
      expect(added).toContain(`${ensemble.lineOf(3, 'observer')}\nversion=`);
      await ensemble.untilMode(3, 'observer');
      expect(await runZkCli(server, 'config', '-c')).toContain(`:${ensemble.portOf(2)},`);
    } finally {
      await ensemble.close();
    }
  });
});
