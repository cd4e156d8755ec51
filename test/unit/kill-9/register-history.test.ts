/** The checker of the kill cycles can fail: one history for each thing that it must find. */
import { describe, expect, test } from 'vitest';

import { RegisterHistory } from '../../kill-9/register-history.ts';

const FROM_THE_BEGINNING = { acknowledgedVersion: 0 };

describe('register history', () => {
  test('fits: concurrent writes in any order, reads of what was never acknowledged, old values without a sync', () => {
    const history = new RegisterHistory();
    const [a, b] = [history.begin(), history.begin()];
    history.onAcknowledged('w2', b, { version: 2, value: 'b' });
    history.onAcknowledged('w1', a, { version: 1, value: 'a' });
    history.onRead('r1', FROM_THE_BEGINNING, { version: 1, value: 'a' });
    history.onRead('r2', history.begin(), { version: 3, value: 'never answered' });
    expect([history.acknowledgedWrites, history.reads]).toEqual([2, 2]);
  });

  test('a write that was acknowledged is gone: its version belongs to another', () => {
    const history = new RegisterHistory();
    history.onAcknowledged('w1', history.begin(), { version: 1, value: 'a' });
    expect(() => {
      history.onRead('r1', FROM_THE_BEGINNING, { version: 1, value: 'b' });
    }).toThrow('version 1 is b for r1, and was a before');
  });

  test('a write happened twice', () => {
    const history = new RegisterHistory();
    history.onAcknowledged('w1', history.begin(), { version: 1, value: 'a' });
    expect(() => {
      history.onRead('r1', FROM_THE_BEGINNING, { version: 2, value: 'a' });
    }).toThrow('a is version 2 for r1, and was 1 before');
  });

  test('a write lies before one that was acknowledged when it began', () => {
    const history = new RegisterHistory();
    history.onAcknowledged('w1', history.begin(), { version: 2, value: 'b' });
    const late = history.begin();
    expect(() => {
      history.onAcknowledged('w2', late, { version: 1, value: 'a' });
    }).toThrow('a got version 1, though 2 was acknowledged before it began');
  });

  test('a synced read is older than what was acknowledged when it began', () => {
    const history = new RegisterHistory();
    history.onAcknowledged('w1', history.begin(), { version: 2, value: 'b' });
    expect(() => {
      history.onRead('r1', history.begin(), { version: 1, value: 'a' });
    }).toThrow('r1 read version 1, though 2 was acknowledged before it asked');
  });

  test('a session goes back', () => {
    const history = new RegisterHistory();
    history.onRead('r1', FROM_THE_BEGINNING, { version: 2, value: 'b' });
    expect(() => {
      history.onRead('r1', FROM_THE_BEGINNING, { version: 1, value: 'a' });
    }).toThrow('r1 saw version 2 and then 1');
  });
});
