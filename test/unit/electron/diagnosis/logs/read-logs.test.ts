import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';

import { readLogs } from '../../../../../electron/diagnosis/logs/read-logs.ts';
import { ServerEventDto } from '../../../../../shared/api/server-events.ts';
import { RECORDINGS, logFile, logFiles, readRecording } from '../../../../support/log-text.ts';

const UTC = { timeZone: 'UTC' };

describe.each(RECORDINGS)('recorded logs of %s', (name) => {
  const recording = readRecording(name);

  test('are understood whole, and every event keeps to the contract', async () => {
    const { servers, events, unassigned } = await readLogs(logFiles(recording), UTC);
    expect(servers.map(({ sid, version }) => [sid, version])).toEqual(
      [...recording.logs.keys()].map((sid) => [sid, '3.8.0']),
    );
    expect(servers.flatMap(({ files }) => files.map(({ unknownLines }) => unknownLines))).toEqual(
      servers.map(() => 0),
    );
    expect(unassigned).toEqual([]);
    for (const event of events) expect(ServerEventDto.parse(event)).toEqual(event);
    expect(events.map(({ seq }) => seq)).toEqual(events.map((_event, index) => index + 1));
  });

  test('clocks of one machine are found to be one clock', async () => {
    const { servers } = await readLogs(logFiles(recording), UTC);
    for (const { clock } of servers) {
      expect(clock.isSteady).toBe(true);
      expect(Math.abs(clock.offsetMs)).toBeLessThanOrEqual(5);
      expect(clock.uncertaintyMs).toBeLessThanOrEqual(10);
    }
  });

  test('a clock that is an hour ahead is put right to the millisecond of the one time line', async () => {
    const right = await readLogs(logFiles(recording), UTC);
    const wrong = new Map(recording.logs);
    wrong.set(2, (wrong.get(2) ?? '').replaceAll(/^2026-11-21 11:/gm, '2026-11-21 12:'));
    const { servers, events } = await readLogs(logFiles({ logs: wrong }), UTC);
    const [offset, before] = [servers[1]!.clock.offsetMs, right.servers[1]!.clock.offsetMs];
    expect(offset - before).toBeCloseTo(3_600_000, 3);
    expect(events.map(({ seq: _seq, ...event }) => event)).toEqual(
      right.events.map(({ seq: _seq, ...event }) => event),
    );
  });
});

describe('files', () => {
  const line = (time: string, message: string, myid = '1'): string =>
    `2024-05-01 ${time},000 [myid:${myid}] - INFO  [main:QuorumPeer@1] - ${message}\n`;
  const older = line('12:00:00', 'LOOKING') + line('12:00:01', 'FOLLOWING');
  const newer = line('12:00:02', 'LOOKING') + line('12:00:03', 'LEADING');

  test('of one server follow each other by the times in them, whatever they are called', async () => {
    const files = [logFile(newer, { name: 'zk.log' }), logFile(gzipSync(older), { name: 'zk.log.1' })];
    const { servers, events } = await readLogs(files, UTC);
    expect(servers[0]?.files.map(({ name }) => name)).toEqual(['zk.log.1', 'zk.log']);
    expect(events.map((event) => event.kind === 'state' && event.state)).toEqual([
      'LOOKING',
      'FOLLOWING',
      'LOOKING',
      'LEADING',
    ]);
  });

  test('that do not say whose they are belong to whom the user says, or to nobody', async () => {
    const nameless = line('12:00:00', 'LOOKING', '');
    const unknown = await readLogs([logFile(nameless)], UTC);
    expect(unknown.servers).toEqual([]);
    expect(unknown.unassigned).toMatchObject([{ name: 'server.log', lines: 1 }]);
    const known = await readLogs([logFile(nameless, { sid: 7 })], UTC);
    expect(known.servers).toMatchObject([{ sid: 7 }]);
    expect(known.events).toMatchObject([{ sid: 7, kind: 'state' }]);
  });

  test('that say only late whose they are still belong to it', async () => {
    const late =
      line('12:00:02', 'LOOKING', '') + `${'# nothing\n'.repeat(40_000)}${line('12:00:03', 'LEADING')}`;
    const { servers, unassigned } = await readLogs(
      [logFile(late, { name: 'b' }), logFile(older, { name: 'a' })],
      UTC,
    );
    expect(servers.map(({ sid, files }) => [sid, files.map(({ name }) => name)])).toEqual([[1, ['a', 'b']]]);
    expect(servers[0]?.files[1]?.unknownLines).toBe(40_000);
    expect(unassigned).toEqual([]);
  });

  test('without a date end when they were last changed', async () => {
    const text = '12:00:00.000 [main] INFO  o.a.z.s.q.QuorumPeer - LOOKING\n';
    const modifiedMs = Date.UTC(2024, 4, 1, 12, 0, 5);
    const { events, servers } = await readLogs([logFile(text, { sid: 1, modifiedMs })], UTC);
    expect(events).toMatchObject([{ atMs: modifiedMs }]);
    expect(servers[0]?.files).toMatchObject([{ timing: 'undated', lastMs: modifiedMs }]);
  });

  test('are read with progress, and no further than until they are cancelled', async () => {
    const stop = new AbortController();
    const progress: number[] = [];
    const reading = readLogs([logFile(older.repeat(100), { pieceBytes: 100 })], {
      ...UTC,
      signal: stop.signal,
      onProgress({ bytesRead, bytesTotal, lines }) {
        expect(bytesTotal).toBe(older.length * 100);
        expect(lines).toBeLessThanOrEqual(200);
        progress.push(bytesRead);
        if (bytesRead >= 1000) stop.abort(new Error('enough'));
      },
    });
    await expect(reading).rejects.toThrow('enough');
    expect(progress).toEqual([100, 200, 300, 400, 500, 600, 700, 800, 900, 1000]);
  });
});
