import { expect, test } from 'vitest';
import { judgeEnsemble, leaderOf, toneOf } from '../../../../renderer/features/ensembles/verdict.ts';
import { ensembleOf, leads, liveOf, liveServer, looks } from './make-ensemble.ts';

const three = liveOf(liveServer(1), liveServer(2), leads(3, { currentEpoch: 5 }));

test('verdict: three servers serve, with their leader and its epoch', () => {
  const verdict = judgeEnsemble(ensembleOf({ voters: 3 }), three);
  expect(verdict).toEqual({ kind: 'serving', leader: 3, epoch: 5 });
  expect(toneOf(verdict)).toBe('ok');
});

test('verdict: a partition is named by its sides, with who leads', () => {
  const ensemble = ensembleOf({ voters: 3, observers: 1, cut: ['1-2', '1-3', '1-4'] });
  expect(judgeEnsemble(ensemble, three)).toEqual({ kind: 'partitioned', sides: '1 | 2 3 4', leader: 3 });
  expect(judgeEnsemble(ensemble, liveOf(looks(1)))).toMatchObject({ leader: null });
});

test('verdict: too few voters run', () => {
  const ensemble = ensembleOf({ voters: 3, processes: { 1: 'stopped', 2: 'paused' } });
  const verdict = judgeEnsemble(ensemble, liveOf(looks(3)));
  expect(verdict).toEqual({ kind: 'no-quorum', running: 1, voters: 3 });
  expect(toneOf(verdict)).toBe('danger');
});

test('verdict: enough run and nobody leads; not known before anything was told', () => {
  const ensemble = ensembleOf({ voters: 3 });
  expect(judgeEnsemble(ensemble, liveOf(looks(1), looks(2), looks(3)))).toEqual({ kind: 'electing' });
  expect(judgeEnsemble(ensemble, null)).toEqual({ kind: 'asking' });
});

test('verdict: one server alone serves', () => {
  const live = liveOf(liveServer(1, { mode: 'standalone' }));
  expect(judgeEnsemble(ensembleOf({ voters: 1 }), live)).toEqual({ kind: 'standalone' });
});

test('verdict: what starts, stops or has failed says so, whatever was told before', () => {
  for (const state of ['starting', 'stopping', 'stopped', 'failed'] as const) {
    expect(judgeEnsemble(ensembleOf({ voters: 3, state }), three)).toEqual({ kind: state });
  }
});

test('verdict: of two that lead, the one of the later epoch does', () => {
  expect(leaderOf(liveOf(leads(1, { currentEpoch: 4 }), leads(2, { currentEpoch: 5 })))).toBe(2);
});
