import { expect, test } from 'vitest';
import { HostList, shuffleHosts } from '../../../../electron/client/host-list.ts';
import { HOSTS } from './core-bench.ts';

test('shuffleHosts: the same hosts in an order that chance decides', () => {
  const orders = new Set<string>();
  for (let draw = 0; draw < 27; draw++) {
    const digits = [draw % 3, Math.floor(draw / 3) % 3, Math.floor(draw / 9)];
    const shuffled = shuffleHosts(HOSTS, () => (digits.shift() ?? 0) / 3);
    expect([...shuffled].sort((a, b) => a.port - b.port)).toEqual(HOSTS);
    orders.add(shuffled.map(({ host }) => host).join(''));
  }
  expect(orders.size).toBe(6);
});

test('next: cycles, and tells when a round is complete', () => {
  const list = new HostList(HOSTS);
  const rounds: [string, boolean][] = [];
  for (let attempt = 0; attempt < 4; attempt++) rounds.push([list.next().host, list.isRoundComplete]);
  expect(rounds).toEqual([
    ['a', false],
    ['b', false],
    ['c', true],
    ['a', false],
  ]);
});

test('onConnected: begins a new round behind the host that worked', () => {
  const list = new HostList(HOSTS);
  list.next();
  list.onConnected();
  expect(list.isRoundComplete).toBe(false);
  expect([list.next().host, list.next().host, list.isRoundComplete]).toEqual(['b', 'c', false]);
  list.next();
  expect(list.isRoundComplete).toBe(true);
});

test('prefer: that host is next', () => {
  const list = new HostList(HOSTS);
  list.prefer(HOSTS[2] ?? expect.fail('there are three hosts'));
  expect([list.next().host, list.next().host]).toEqual(['c', 'a']);
});

test('a single host is a round of its own', () => {
  const list = new HostList(HOSTS.slice(0, 1));
  list.next();
  expect(list.isRoundComplete).toBe(true);
});
