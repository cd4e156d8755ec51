/** Logs that a page opens: received in pieces, read by a worker, told with progress, forgotten when closed. */
import { readdirSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { gzipSync } from 'node:zlib';
import { afterEach, expect, test } from 'vitest';
import { recordElections } from '../../../../../electron/diagnosis/elections.ts';
import { LogsService } from '../../../../../electron/services/logs/logs-service.ts';
import type { LogPiece } from '../../../../../electron/services/logs/opened-logs.ts';
import { logsReport, newestElections } from '../../../../../electron/services/logs/logs-report.ts';
import { type LogsReport, LogsState } from '../../../../../shared/api/logs.ts';
import { readEvents } from '../../../../support/event-text.ts';
import { readRecording } from '../../../../support/log-text.ts';
import { waitFor } from '../../../../support/wait.ts';

const service = new LogsService();
afterEach(() => service.closeAll());

const RECORDING = readRecording('three-servers-slf4j-simple');
const PIECE_BYTES = 10_000;
const UNKNOWN = [null, null, null];

const asItIs = (bytes: Uint8Array): LogPiece => ({ bytes, ofFile: bytes.length });
const compressed = (bytes: Uint8Array): LogPiece => ({ bytes: gzipSync(bytes), ofFile: bytes.length });

async function send(
  contents: readonly Uint8Array[],
  page = new AbortController().signal,
  toPiece = asItIs,
): Promise<string> {
  const { logsId } = await service.open(
    contents.map(({ length: bytes }, index) => ({ name: `zk-${index + 1}.log`, bytes, modifiedMs: 0 })),
    page,
  );
  for (const [file, bytes] of contents.entries()) {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      await service.append(logsId, file, toPiece(bytes.subarray(at, at + PIECE_BYTES)));
    }
  }
  return logsId;
}

/** All states up to the one that `isLast` holds for, as the contract lets them through. */
async function statesUntil(logsId: string, isLast: (state: LogsState) => boolean): Promise<LogsState[]> {
  const states: LogsState[] = [];
  for await (const state of service.follow(logsId)) {
    states.push(LogsState.parse(state));
    if (isLast(state)) break;
  }
  return states;
}

async function report(logsId: string, sids: readonly (number | null)[] = UNKNOWN): Promise<LogsReport> {
  await service.read(logsId, sids, 'UTC');
  const last = (await statesUntil(logsId, ({ phase }) => phase !== 'reading')).at(-1);
  if (last?.phase !== 'done') throw new Error(`it ended as ${JSON.stringify(last)}`);
  return last.report;
}

/** Of this process's services and of others', too: only differences count. */
const folders = (): string[] => readdirSync(tmpdir()).filter((name) => name.startsWith('zabra-logs-'));

const texts = (): Uint8Array[] => [...RECORDING.logs.values()].map((text) => Buffer.from(text));

test('pieces that were compressed one by one are the same logs', async () => {
  const page = new AbortController().signal;
  const { record, lines } = await report(await send(texts(), page, compressed));
  const plain = await report(await send(texts()));
  expect(lines).toBe(plain.lines);
  expect(record).toEqual(plain.record);
  expect(record.elections).not.toHaveLength(0);
});

test('logs of three servers tell their elections, clocks and findings', async () => {
  const { servers, record, findings, electionCount, lines, unassigned } = await report(await send(texts()));
  expect(servers.map(({ sid, files }) => [sid, files[0]?.name])).toEqual([
    [1, 'zk-1.log'],
    [2, 'zk-2.log'],
    [3, 'zk-3.log'],
  ]);
  expect(record.ribbon.map(({ leader, epoch }) => [leader, epoch])).toEqual([
    [3, 1],
    [2, 2],
    [3, 3],
    [2, 4],
  ]);
  expect(electionCount).toBe(4);
  expect(findings.map(({ kind }) => kind)).toEqual(['election', 'election', 'election', 'election']);
  expect(lines).toBeGreaterThan(1000);
  expect(unassigned).toEqual([]);
});

test('a compressed file is read as one that is not', async () => {
  const packed = texts().map((text) => gzipSync(text));
  expect((await report(await send(packed))).electionCount).toBe(4);
});

test('a file that does not say whose it is is left out until the person says it', async () => {
  const nameless = texts().map((text) =>
    Buffer.from(Buffer.from(text).toString().replaceAll('myid=', 'xxxx=').replaceAll('myid:', 'xxxx:')),
  );
  const logsId = await send([nameless[0] ?? Buffer.of(), Buffer.from('no log at all\n'), Buffer.of()]);
  const first = await report(logsId);
  expect(first.unassigned.map(({ name }) => name)).toContain('zk-2.log');
  const again = await report(logsId, [null, 7, null]);
  expect(again.servers.map(({ sid }) => sid)).toContain(7);
});

test('what is received is told, and then how far reading is', async () => {
  const logsId = await send(texts());
  const [received] = await statesUntil(logsId, () => true);
  const total = texts().reduce((sum, { length }) => sum + length, 0);
  expect(received).toEqual({ phase: 'receiving', bytes: total, bytesTotal: total });
});

test('cancelled, it takes no more pieces and tells nothing more', async () => {
  const { logsId } = await service.open([{ name: 'a.log', bytes: 100, modifiedMs: 0 }], AbortSignal.any([]));
  await service.append(logsId, 0, asItIs(new Uint8Array(10)));
  await service.cancel(logsId);
  await expect(service.append(logsId, 0, asItIs(new Uint8Array(10)))).rejects.toMatchObject({
    code: 'CANCELLED',
  });
  expect((await statesUntil(logsId, () => true)).at(0)).toEqual({ phase: 'cancelled' });
});

test('a reading that is cancelled ends at once', async () => {
  const logsId = await send(texts());
  await service.read(logsId, UNKNOWN, 'UTC');
  await service.cancel(logsId);
  expect((await statesUntil(logsId, () => true)).at(0)).toEqual({ phase: 'cancelled' });
});

test('a time zone that there is not fails, and says so', async () => {
  const logsId = await send(texts());
  await service.read(logsId, UNKNOWN, 'Nowhere/Atall');
  const states = await statesUntil(logsId, ({ phase }) => phase !== 'reading');
  expect(states.at(-1)).toMatchObject({ phase: 'failed', failure: { code: 'BUG' } });
});

test('more than was announced is refused', async () => {
  const { logsId } = await service.open([{ name: 'a.log', bytes: 3, modifiedMs: 0 }], AbortSignal.any([]));
  await expect(service.append(logsId, 0, asItIs(new Uint8Array(4)))).rejects.toMatchObject({
    code: 'LOGS_UNKNOWN',
  });
  await expect(service.append(logsId, 1, asItIs(new Uint8Array(1)))).rejects.toMatchObject({
    code: 'LOGS_UNKNOWN',
  });
});

test('files go when they are closed, and when their page goes', async () => {
  const before = folders();
  const page = new AbortController();
  const closed = await send(texts());
  await send(texts(), page.signal);
  expect(folders().length).toBe(before.length + 2);
  await service.close(closed);
  await expect(service.append(closed, 0, asItIs(Buffer.of(1)))).rejects.toMatchObject({
    code: 'LOGS_UNKNOWN',
  });
  page.abort();
  await waitFor('both folders are gone', () => folders().length === before.length || undefined, 5000);
});

test('of thousands of elections the newest are told, and how many there are', () => {
  const events = readEvents('five-servers-builtin');
  const { elections, ribbon } = recordElections(events);
  const [election] = elections;
  const [reign] = ribbon;
  if (!election || !reign) throw new Error('somebody was elected');
  const many = Array.from({ length: 2000 }, (_, index) => ({ ...election, epoch: index }));
  const told = logsReport(
    {
      reading: { servers: [], unassigned: [], events },
      record: { elections: many, ribbon: many.map(({ epoch }) => ({ ...reign, epoch })) },
      findings: newestElections(many).map(({ epoch }) => ({ id: `election/${epoch}` }) as never),
    },
    1,
  );
  expect(told.electionCount).toBe(2000);
  expect(told.record.elections.length).toBe(300);
  expect(told.record.elections.at(-1)?.epoch).toBe(1999);
  expect(told.findings.map(({ id }) => id)).toEqual(
    told.record.elections.map(({ epoch }) => `election/${epoch}`),
  );
});
