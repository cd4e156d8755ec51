import { expect, test } from 'vitest';
import { type LiveFact, liveRows } from '../../../../renderer/features/ensembles/live-rows.ts';
import type { EnsembleDto, LiveServerDto } from '../../../../shared/api/ensembles.ts';
import { ensembleOf, leads, liveServer, looks } from './make-ensemble.ts';

function cells(fact: LiveFact, ensemble: EnsembleDto, servers: readonly LiveServerDto[]) {
  return liveRows(ensemble, servers).find((row) => row.fact === fact)!.cells;
}

const texts = (...args: Parameters<typeof cells>): (string | null)[] =>
  cells(...args).map(({ text }) => text);
const amber = (...args: Parameters<typeof cells>): number[] =>
  cells(...args).flatMap(({ sid, differs }) => (differs ? [sid] : []));

const three = ensembleOf({ voters: 3 });

test('live state: a cut-off server differs in state, epoch and what it has logged', () => {
  const servers = [
    looks(1, { currentEpoch: 1, lastLogged: '0x100000004' }),
    liveServer(2, { currentEpoch: 2 }),
    leads(3, { currentEpoch: 2 }),
  ];
  expect(amber('peerState', three, servers)).toEqual([1]);
  expect(amber('zabState', three, servers)).toEqual([1]);
  expect(amber('currentEpoch', three, servers)).toEqual([1]);
  expect(amber('lastLogged', three, servers)).toEqual([1]);
  expect(texts('lastLogged', three, servers)[0]).toBe('0x1_00000004');
});

test('live state: servers that serve are asked one after the other, so what moves is not compared', () => {
  const servers = [liveServer(1, { lastCommitted: '0x100000001' }), liveServer(2), leads(3)];
  expect(amber('lastCommitted', three, servers)).toEqual([]);
});

test('live state: digests are compared after the same transaction only', () => {
  const digest = (zxid: string, value: string): Partial<LiveServerDto> => ({ digest: { zxid, value } });
  const model = leads(3, digest('0x180', 'aaaaaaaaaaaaaaaa'));
  const servers = [
    liveServer(1, digest('0x180', 'bbbbbbbbbbbbbbbb')),
    liveServer(2, digest('0x100', 'cccccccccccccccc')),
    model,
  ];
  expect(amber('digest', three, servers)).toEqual([1]);
  expect(texts('digest', three, servers)).toEqual(['bbbbbbbb', 'cccccccc', 'aaaaaaaa']);
});

test('live state: an empty cell says why', () => {
  const ensemble = ensembleOf({ voters: 4, processes: { 1: 'stopped', 2: 'paused' } });
  const servers = [looks(3, { sessions: null }), leads(4, { sessions: null })];
  expect(cells('sessions', ensemble, servers).map(({ absence }) => absence)).toEqual([
    'stopped',
    'paused',
    'looking',
    'not-yet',
  ]);
  const silent = liveServer(3, { isAnswering: false, sessions: null });
  expect(cells('sessions', ensemble, [silent])[2]?.absence).toBe('silent');
  const apache: EnsembleDto = { ...three, engine: 'apache' };
  expect(cells('vote', apache, [liveServer(1, { vote: null })])[0]?.absence).toBe('apache');
  expect(cells('syncedLearners', three, [liveServer(1)])[0]?.absence).toBe('leader-only');
  const alone = liveServer(1, { mode: 'standalone', acceptedEpoch: null });
  expect(cells('acceptedEpoch', ensembleOf({ voters: 1 }), [alone])[0]?.absence).toBe('alone');
});

test('live state: a leader names who is in step, or how many', () => {
  expect(texts('syncedLearners', three, [leads(3, { syncedLearners: [1, 2] })])[2]).toBe('1, 2');
  expect(texts('syncedLearners', three, [leads(3, { syncedLearnerCount: 2 })])[2]).toBe('2');
});
