import { describe, expect, test } from 'vitest';
import { takesEdits, writeGuardOf } from '../../../../renderer/features/browse/write-guard-state.ts';
import type { ConnectionStatus } from '../../../../shared/api/connections.ts';

type Status = Pick<ConnectionStatus, 'state' | 'writeGuard'>;

const status = (state: Status['state'], writeGuard: Status['writeGuard']): Status => ({ state, writeGuard });

describe('write guard of Browse', () => {
  test.each([
    ['open', status('connected', { kind: 'open' }), undefined],
    ['unlocked', status('connected', { kind: 'unlocked', untilMs: 1 }), undefined],
    ['locked', status('connected', { kind: 'locked' }), 'locked'],
    ['a read-only connection', status('connected', { kind: 'read-only' }), 'read-only'],
    ['a read-only server', status('connected-read-only', { kind: 'open' }), 'server-read-only'],
    ['suspended', status('suspended', { kind: 'open' }), 'not-connected'],
    ['not open at all', null, 'not-connected'],
  ])('%s', (_name, given, why) => {
    expect(writeGuardOf(given)).toEqual(
      why === undefined ? { isWritable: true } : { isWritable: false, why },
    );
  });

  test('what is typed during an outage is taken, so that it can be saved after it', () => {
    expect(takesEdits(status('suspended', { kind: 'open' }))).toBe(true);
    expect(takesEdits(status('connected-read-only', { kind: 'open' }))).toBe(true);
    expect(takesEdits(null)).toBe(true);
  });

  test('what a person has locked takes nothing, connected or not', () => {
    expect(takesEdits(status('connected', { kind: 'locked' }))).toBe(false);
    expect(takesEdits(status('suspended', { kind: 'locked' }))).toBe(false);
    expect(takesEdits(status('suspended', { kind: 'read-only' }))).toBe(false);
  });
});
