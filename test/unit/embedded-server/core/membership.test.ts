/** Which configuration holds, which is about to, and what a quorum is meanwhile (PROTOCOL.md 4.2, 5.3). */
import { expect, test } from 'vitest';

import { type EnsembleConfig, parseEnsembleText } from '../../../../embedded-server/core/ensemble-config.ts';
import { Membership } from '../../../../embedded-server/core/membership.ts';

function config(version: number, sids: readonly number[], observers: readonly number[] = []): EnsembleConfig {
  const lines = [
    ...sids.map((sid) => `server.${sid}=h${sid}:1:2:participant`),
    ...observers.map((sid) => `server.${sid}=h${sid}:1:2:observer`),
    `version=${version.toString(16)}`,
  ];
  return parseEnsembleText(lines.join('\n'));
}

const OLD = config(1, [1, 2, 3]);
const NEW = config(2, [3, 4, 5]);

function membership(lastSeen?: EnsembleConfig, isReconfigurable = true): Membership {
  return new Membership({ sid: 3, isReconfigurable, committed: OLD, lastSeen });
}

test('membership: while a configuration is pending, a quorum is one of both', () => {
  const pending = membership();
  pending.see(NEW);
  expect(pending.isPending).toBe(true);
  expect(pending.hasQuorum([1, 2, 3])).toBe(false);
  expect(pending.hasQuorum([3, 4, 5])).toBe(false);
  expect(pending.hasQuorum([1, 3, 4])).toBe(true);
  expect([...pending.voters].sort()).toEqual([1, 2, 3, 4, 5]);
});

test('membership: what is committed takes the place of what was before', () => {
  const active = membership(NEW);
  expect(active.activate(NEW)).toBe(true);
  expect(active.isPending).toBe(false);
  expect(active.hasQuorum([4, 5])).toBe(true);
  expect(active.activate(OLD)).toBe(false);
  expect(active.committed).toBe(NEW);
});

test('membership: the same members under a newer version are no change', () => {
  const active = membership();
  expect(active.activate(config(7, [1, 2, 3]))).toBe(false);
  expect(active.committed.version).toBe(7n);
});

test('membership: a configuration that was given up is pending no longer', () => {
  const pending = membership(NEW);
  pending.see(OLD);
  expect(pending.isPending).toBe(false);
});

test('membership: one that is committed does not end another that is pending', () => {
  const pending = membership(config(9, [6, 7]));
  pending.activate(NEW);
  expect(pending.isPending).toBe(true);
  expect(pending.hasQuorum([4, 5])).toBe(false);
});

test('membership: who is in no configuration follows without a vote, whoever observes is told so', () => {
  const own = membership();
  expect(own.isObserver).toBe(false);
  own.activate(config(8, [1, 2], [3]));
  expect(own.isObserver).toBe(true);
  own.activate(config(9, [1, 2]));
  expect(own.isObserver).toBe(false);
});

test('membership: nothing changes where reconfiguration is disabled', () => {
  const fixed = membership(undefined, false);
  fixed.see(NEW);
  expect(fixed.activate(NEW)).toBe(false);
  expect(fixed.committed).toBe(OLD);
  expect(fixed.takeChanged()).toBe(false);
});
