import { describe, expect, test } from 'vitest';
import {
  firesChildWatches,
  firingWatches,
} from '../../../../../electron/services/radius/notification-radius.ts';
import { sumWatches } from '../../../../../electron/services/radius/watch-sums.ts';

const list = (watches: Readonly<Record<string, readonly string[]>>): ReadonlyMap<string, readonly string[]> =>
  new Map(Object.entries(watches));

describe('whose watches fire', () => {
  const servers = [
    list({ '/app/config': ['0x1', '0x2'], '/app': ['0x3', '0x1'], '/other': ['0x4'] }),
    list({ '/': ['0x5'], '/app/config': ['0x6'], '/app/config/below': ['0x7'] }),
  ];

  test('those on the path for certain, those above it possibly; others and below not', () => {
    expect(firingWatches(servers, ['/app/config'])).toEqual([
      { sessionId: '0x1', certainty: 'certain', path: '/app/config' },
      { sessionId: '0x2', certainty: 'certain', path: '/app/config' },
      { sessionId: '0x6', certainty: 'certain', path: '/app/config' },
      { sessionId: '0x3', certainty: 'possible', path: '/app' },
      { sessionId: '0x5', certainty: 'possible', path: '/' },
    ]);
  });

  test('of several paths each session counts once, and certainly where any of them says so', () => {
    const firing = firingWatches(servers, ['/app/x', '/app/config', '/app']);
    expect(firing.filter(({ sessionId }) => sessionId === '0x3')).toEqual([
      { sessionId: '0x3', certainty: 'certain', path: '/app' },
    ]);
    expect(firing).toHaveLength(5);
  });

  test('the root has nobody above it', () => {
    expect(firingWatches(servers, ['/'])).toEqual([{ sessionId: '0x5', certainty: 'certain', path: '/' }]);
  });

  test('only a change of the set of names fires child watches', () => {
    expect((['data', 'create', 'delete'] as const).map(firesChildWatches)).toEqual([false, true, true]);
  });
});

describe('sums of watches', () => {
  test('child watches are what mntr counts beyond wchs', () => {
    const sums = [
      { dataWatches: 12, allWatches: 20, hidden: [] },
      { dataWatches: 3, allWatches: 3, hidden: [] },
    ];
    expect(sumWatches(sums)).toEqual({ dataWatches: 15, childWatches: 8 });
  });

  test('hidden is not none', () => {
    expect(sumWatches([{ dataWatches: undefined, allWatches: 7, hidden: [] }])).toEqual({
      dataWatches: null,
      childWatches: null,
    });
    expect(sumWatches([{ dataWatches: 2, allWatches: undefined, hidden: [] }])).toEqual({
      dataWatches: 2,
      childWatches: null,
    });
  });
});
