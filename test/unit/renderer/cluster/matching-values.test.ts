import { expect, test } from 'vitest';
import { matchingValues } from '../../../../renderer/features/cluster/matching-values.ts';

const VALUES = [
  ['zk_avg_latency', '0.5'],
  ['zk_max_latency', '212'],
  ['zk_server_state', 'Leader'],
] as const;

test('matching values: every word must be in the name or the value, in any case', () => {
  const names = (text: string): string[] => matchingValues(VALUES, text).map(([name]) => name);
  expect(names('')).toHaveLength(3);
  expect(names('LATENCY')).toEqual(['zk_avg_latency', 'zk_max_latency']);
  expect(names(' latency  max ')).toEqual(['zk_max_latency']);
  expect(names('leader')).toEqual(['zk_server_state']);
  expect(names('latency leader')).toEqual([]);
});
