/**
 * Hostile bytes at the ports between the servers of a builtin ensemble, each a process of its own: the connection that sent
 * them closes, no server ends, hangs or grows, and the ensemble keeps its leader and serves on.
 *
 * ZABRA_FUZZ_SERVER_FRAMES=<count> for each of the two ports, ZABRA_FUZZ_SEED=<number> for the frames of a run.
 */
import { readFileSync } from 'node:fs';
import { beforeAll, describe, expect, test } from 'vitest';

import type { Ensemble } from '../../embedded-server/launcher/running-ensemble.ts';
import { startEnsemble } from '../../embedded-server/launcher/start-ensemble.ts';
import { NO_ZXID } from '../../embedded-server/quorum-protocol/quorum-packet.ts';
import { zxidEpoch } from '../../shared/zxid.ts';
import { Canary } from './canary.ts';
import { lengthHeader, toHex } from './fuzzed-frames.ts';
import { Prng, fuzzSeed } from './prng.ts';
import { residentBytes } from './process-memory.ts';
import {
  type Batch,
  dial,
  expectClosedUpon,
  greetingOf,
  learnerInfo,
  packet,
  planElectionBatch,
  planQuorumBatch,
  sendBatch,
} from './server-port-batches.ts';

const FRAMES_MIN = Number(process.env['ZABRA_FUZZ_SERVER_FRAMES'] ?? 10_000);
const WORKERS = 8;
const CANARY_MS_MAX = 2000;
const MIB = 1024 * 1024;
const GROWTH_BYTES_MAX = 64 * MIB;

const seed = fuzzSeed();
let ensemble: Ensemble;
let log = '';

beforeAll(async () => {
  ensemble = await startEnsemble({
    servers: 3,
    config: { maxClientCnxns: '0' },
    onLog: (name, level, message) => (log = `${log}${name} ${level}: ${message}\n`.slice(-10_000)),
    onFailure: (message) => (log += `${message}\n`),
  });
  return () => ensemble.close();
}, 60_000);

interface Seen {
  readonly pids: readonly (number | null)[];
  readonly leader: number;
  readonly epoch: number;
}

async function look(): Promise<Seen> {
  const statuses = await ensemble.status();
  const leader = statuses.find(({ state }) => state === 'leader');
  if (!leader || leader.zxid === null) throw new Error(`nobody leads:\n${log}`);
  return { pids: statuses.map(({ pid }) => pid), leader: leader.sid, epoch: zxidEpoch(leader.zxid) };
}

/** Where a server really listens for others, past the links. */
async function portsOf(sid: number): Promise<{ readonly quorum: number; readonly election: number }> {
  const { pid } = await ensemble.statusOf(sid);
  const commandLine = readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  const ports = new RegExp(`server\\.${sid}":"127\\.0\\.0\\.1:(\\d+):(\\d+):`).exec(commandLine);
  if (!ports) throw new Error(`server ${sid} does not say where it listens`);
  return { quorum: Number(ports[1]), election: Number(ports[2]) };
}

async function residentSum(): Promise<number> {
  const { pids } = await look();
  return pids.reduce((sum: number, pid) => sum + residentBytes(pid!), 0);
}

/** Runs batches on several connections at a time until enough frames were sent. */
async function fuzz(plan: (prng: Prng) => { readonly port: number; readonly batch: Batch }): Promise<void> {
  let frames = 0;
  const work = async (worker: number): Promise<void> => {
    const prng = new Prng(seed).fork(worker);
    while (frames < FRAMES_MIN) {
      const { port, batch } = plan(prng);
      frames += batch.frameCount;
      try {
        await sendBatch(port, batch);
      } catch (error) {
        const sent = batch.pieces.map(toHex).join(' ');
        throw new Error(`ZABRA_FUZZ_SEED=${seed}\n${sent}\nthe servers said:\n${log}`, { cause: error });
      }
    }
  };
  await Promise.all(Array.from({ length: WORKERS }, (_, worker) => work(worker)));
}

/** The same servers, the same leader in the same epoch, clients served all the time, and no memory kept. */
async function expectUnmoved(work: () => Promise<void>): Promise<void> {
  const before = await look();
  const follower = ensemble.servers.find(({ sid }) => sid !== before.leader)!;
  const canary = await Canary.start({ host: follower.host, port: follower.clientPort });
  const bytesBefore = await residentSum();
  await work();
  const grown = (await residentSum()) - bytesBefore;
  const { worstMs, rounds } = await canary.stop();
  expect(await look()).toEqual(before);
  expect(rounds).toBeGreaterThan(0);
  expect(worstMs).toBeLessThan(CANARY_MS_MAX);
  process.stderr.write(`${before.pids.length} servers grew by ${Math.round(grown / MIB)} MiB together\n`);
  expect(grown).toBeLessThan(GROWTH_BYTES_MAX);
}

describe.runIf(process.platform === 'linux')('fuzz: the ports between embedded servers', () => {
  test(`${FRAMES_MIN} hostile frames at the election ports, seed ${seed}: nobody else notices`, async () => {
    const sids = ensemble.servers.map(({ sid }) => sid);
    const targets = await Promise.all(
      sids.map(async (sid) => ({
        port: (await portsOf(sid)).election,
        peers: sids.filter((peer) => peer !== sid),
      })),
    );
    await expectUnmoved(() =>
      fuzz((prng) => {
        const { port, peers } = prng.pick(targets);
        return { port, batch: planElectionBatch(prng, peers) };
      }),
    );
  });

  test(`${FRAMES_MIN} hostile frames at the leader's quorum port, seed ${seed}: nobody else notices`, async () => {
    const { leader, epoch } = await look();
    const port = (await portsOf(leader)).quorum;
    await expectUnmoved(() => fuzz((prng) => ({ port, batch: planQuorumBatch(prng, epoch) })));
  });

  test.each<[string, Uint8Array]>([
    ['an unknown version', Buffer.from('fffffffffffffff0', 'hex')],
    ['an address of impossible length', Buffer.from(`ffffffffffff0000${'00'.repeat(7)}037fffffff`, 'hex')],
    ['the name of a stranger', greetingOf(99)],
    ['a notification of -1 bytes', Buffer.concat([greetingOf(3), lengthHeader(-1)])],
    ['a notification of 2 GiB', Buffer.concat([greetingOf(3), lengthHeader(0x7fff_ffff)])],
    ['a notification that ends too soon', Buffer.concat([greetingOf(3), lengthHeader(4), Buffer.alloc(4)])],
  ])('an election connection with %s is closed at once', async (_what, bytes) => {
    const { election } = await portsOf(1);
    await expectClosedUpon(election, bytes);
  });

  test.each<[string, (epoch: number) => Uint8Array]>([
    ['a type that is none', () => Buffer.from(`000000ff${'00'.repeat(16)}`, 'hex')],
    ['data of -2 bytes', () => Buffer.from(`0000000b${'00'.repeat(8)}fffffffe`, 'hex')],
    ['data of 2 GiB', () => Buffer.from(`0000000b${'00'.repeat(8)}7fffffff`, 'hex')],
    ['a leader’s word from a learner', () => packet('UPTODATE', NO_ZXID, null)],
    ['a stranger from a later epoch', (epoch) => learnerInfo(epoch + 1)],
    ['two introductions', (epoch) => Buffer.concat([learnerInfo(epoch), learnerInfo(epoch)])],
  ])('a quorum connection with %s is closed at once, and the leader leads on', async (_what, bytesFor) => {
    const before = await look();
    const { quorum } = await portsOf(before.leader);
    await expectClosedUpon(quorum, bytesFor(before.epoch));
    expect(await look()).toEqual(before);
  });

  test('what is announced and never sent costs next to nothing', async () => {
    const { leader, epoch } = await look();
    const ports = await portsOf(leader);
    await expectUnmoved(async () => {
      const header = Buffer.from(`00000001${'00'.repeat(8)}03ffffff`, 'hex');
      const opened = Array.from({ length: 100 }, () => [
        dial(ports.quorum, Buffer.concat([learnerInfo(epoch - 1), header])),
        dial(ports.election, Buffer.concat([greetingOf(leader === 1 ? 2 : 1), lengthHeader(0x7_ffff)])),
      ]).flat();
      await Promise.all(opened.map(({ sent }) => sent));
      for (const { socket } of opened) socket.destroy();
      await Promise.all(opened.map(({ closed }) => closed));
    });
  });
});
