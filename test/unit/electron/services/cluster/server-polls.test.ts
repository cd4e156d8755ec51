/** One poll a server for all who follow it, and what it spares the others (electron/services/cluster/server-polls.ts). */
import net from 'node:net';
import { afterEach, describe, expect, test, vi } from 'vitest';
import type { ObservationOf } from '../../../../../electron/diagnosis/observation.ts';
import { ServerPolls } from '../../../../../electron/services/cluster/server-polls.ts';
import { ServerQuestions } from '../../../../../electron/services/cluster/server-questions.ts';

const ANSWERS: Readonly<Record<string, string>> = {
  mntr: 'zk_version\t3.8.0\nzk_server_state\tleader\nzk_num_alive_connections\t1\n',
  srvr: 'Zookeeper version: 3.8.0\nZxid: 0x100000007\nMode: leader\n',
  conf: 'clientPort=1\nserverId=1\n',
  cons: 'cons is not executed because it is not in the whitelist.\n',
};
const WAIT = { timeout: 10_000, interval: 20 };

describe('polls of servers', () => {
  const closing: (() => void)[] = [];
  afterEach(() => {
    for (const close of closing.splice(0)) close();
  });

  async function server(): Promise<{
    host: { host: string; port: number };
    asked: string[];
    close: () => void;
  }> {
    const asked: string[] = [];
    const listening = net.createServer((socket) => {
      socket.on('error', () => undefined);
      socket.once('data', (bytes) => {
        asked.push(bytes.toString());
        socket.end(ANSWERS[bytes.toString()] ?? '');
      });
    });
    await new Promise<void>((resolve) => listening.listen(0, '127.0.0.1', resolve));
    const close = (): void => {
      listening.close();
    };
    closing.push(close);
    return { host: { host: '127.0.0.1', port: (listening.address() as net.AddressInfo).port }, asked, close };
  }

  test('two followers are one poll; the second hears at once what is known', async () => {
    const { host, asked } = await server();
    const polls = new ServerPolls(new ServerQuestions());
    const first: ObservationOf<'polled'>[] = [];
    closing.push(polls.follow(host, (observation) => first.push(observation)));
    await vi.waitFor(() => expect(first).toHaveLength(1), WAIT);
    const second: ObservationOf<'polled'>[] = [];
    closing.push(polls.follow(host, (observation) => second.push(observation)));
    expect(second).toEqual(first);
    expect(asked).toEqual(['mntr']);
  });

  test('what the poll hears answers questions of the same age, also that a word is not allowed', async () => {
    const { host, asked } = await server();
    const questions = new ServerQuestions();
    const polls = new ServerPolls(questions);
    const heard: ObservationOf<'polled'>[] = [];
    closing.push(polls.follow(host, (observation) => heard.push(observation)));
    await vi.waitFor(() => expect(asked).toContain('cons'), WAIT);
    await vi.waitFor(() => expect(heard).toHaveLength(asked.length), WAIT);
    const askedBefore = asked.length;
    const options = { maxAgeMs: 60_000 };
    expect(await questions.mntr(host, options)).toMatchObject({ status: 'ok', value: { role: 'leader' } });
    expect((await questions.cons(host, options)).status).toBe('notWhitelisted');
    expect(asked).toHaveLength(askedBefore);
  });

  test('a server that is gone has failed whatever it is asked; nobody polls it when all have left', async () => {
    const { host, close } = await server();
    const questions = new ServerQuestions();
    const polls = new ServerPolls(questions);
    const heard: ObservationOf<'polled'>[] = [];
    const leave = polls.follow(host, (observation) => heard.push(observation));
    await vi.waitFor(() => expect(heard).toHaveLength(1), WAIT);
    close();
    await vi.waitFor(() => expect(heard.at(-1)?.standing).toBe('refused'), WAIT);
    expect(await questions.srvr(host, { maxAgeMs: 60_000 })).toMatchObject({
      status: 'failed',
      error: { code: 'CONNECTION_REFUSED' },
    });
    const aborted = new AbortController();
    const polling = polls.poll({
      server: host,
      now: () => 0,
      observe: () => undefined,
      signal: aborted.signal,
    });
    leave();
    aborted.abort();
    await polling;
    const count = heard.length;
    // Whoever follows anew begins with what a new poll finds.
    const again: ObservationOf<'polled'>[] = [];
    closing.push(polls.follow(host, (observation) => again.push(observation)));
    expect(again).toEqual([]);
    await vi.waitFor(() => expect(again).toHaveLength(1), WAIT);
    expect(heard).toHaveLength(count);
  });
});
