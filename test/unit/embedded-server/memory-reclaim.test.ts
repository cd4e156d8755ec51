import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';

import { ReclaimRule } from '../../../embedded-server/memory-reclaim.ts';

const MB = 1e6;
const SMALL = { rss: 60 * MB, heapTotal: 15 * MB, heapUsed: 10 * MB, external: 5 * MB };
/** 100 MB were in the heap, and their pages are kept. */
const SHRUNK = { ...SMALL, rss: 160 * MB };

/** At which look it is due, from 1; undefined when it is not in a hundred. */
function dueAt(rule: ReclaimRule, lookOf: (number: number) => typeof SMALL): number | undefined {
  for (let number = 1; number <= 100; number++) if (rule.isDue(lookOf(number))) return number;
  return undefined;
}

describe('when memory is given back', () => {
  test('not while the heap uses what the process has', () => {
    const grown = { rss: 260 * MB, heapTotal: 205 * MB, heapUsed: 100 * MB, external: 10 * MB };
    expect(dueAt(new ReclaimRule(SMALL), () => grown)).toBeUndefined();
  });

  test('when the heap has been smaller than what it keeps for twelve looks in a row', () => {
    expect(dueAt(new ReclaimRule(SMALL), () => SHRUNK)).toBe(12);
  });

  test('not while the heap breathes', () => {
    const breath = (number: number): typeof SMALL => (number % 10 === 0 ? SMALL : SHRUNK);
    expect(dueAt(new ReclaimRule(SMALL), breath)).toBeUndefined();
  });

  test('not while so much is alive that the pause would be felt', () => {
    const alive = { rss: 600 * MB, heapTotal: 200 * MB, heapUsed: 180 * MB, external: 5 * MB };
    expect(dueAt(new ReclaimRule(SMALL), () => alive)).toBeUndefined();
  });

  test('not again for what collecting did not give back', () => {
    const rule = new ReclaimRule(SMALL);
    rule.collected(SHRUNK);
    expect(dueAt(rule, () => SHRUNK)).toBeUndefined();
  });
});

const GROWS_AND_SHRINKS = `
  const { reclaimMemory } = await import(${JSON.stringify(new URL('../../../embedded-server/memory-reclaim.ts', import.meta.url).href)});
  reclaimMemory(50);
  let nodes = Array.from({ length: 1_500_000 }, (_, index) => ({ index, stat: { czxid: index } }));
  console.log(JSON.stringify({ rss: process.memoryUsage.rss(), count: nodes.length }));
  nodes = undefined;
  // Work goes on, as pings do in a server that has nothing else to do; its garbage starts collections.
  setInterval(() => {
    Array.from({ length: 100_000 }, (_, index) => ({ index }));
    console.log(JSON.stringify({ rss: process.memoryUsage.rss() }));
  }, 20);
`;

test('a process that was big is small again', async () => {
  const child = spawn(process.execPath, ['--input-type=module', '--eval', GROWS_AND_SHRINKS], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const ended = once(child, 'exit');
  try {
    let fullBytes = 0;
    for await (const line of createInterface({ input: child.stdout })) {
      const { rss } = JSON.parse(line) as { rss: number };
      fullBytes ||= rss;
      if (rss < fullBytes - 64 * MB) return;
    }
    expect.unreachable('the process ended by itself');
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
});
