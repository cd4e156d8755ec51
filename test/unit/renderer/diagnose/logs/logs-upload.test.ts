/** Log files on their way to the shell. */
import { expect, test } from 'vitest';
import { distinctNames, paceOf } from '../../../../../renderer/features/diagnose/logs/logs-upload.ts';

test('files of one name are told apart, others keep theirs', () => {
  expect(distinctNames(['zk.log', 'b.log', 'zk.log'])).toEqual(['zk.log (1)', 'b.log', 'zk.log (2)']);
});

test('what is left is reckoned by what went so far', () => {
  expect(paceOf(250, 1000, 500)).toEqual({ perSecond: 500, leftMs: 1500 });
  expect(paceOf(0, 1000, 500)).toEqual({ perSecond: 0, leftMs: null });
  expect(paceOf(10, 1000, 0)).toEqual({ perSecond: 0, leftMs: null });
});
