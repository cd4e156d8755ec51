/** What is done about events, and when: together at the end of a turn, at once where somebody waits for nothing else. */
import { setImmediate as nextTurn } from 'node:timers/promises';

import { expect, test } from 'vitest';

import { EventLoop } from '../../../embedded-server/event-loop.ts';

type TestEvent = 'write' | 'read' | 'bug' | 'tick';

/** Writes wait for the end of the turn, reads are answered at once. */
function makeLoop(): { loop: EventLoop<TestEvent, string>; done: string[]; bugs: unknown[] } {
  const done: string[] = [];
  const bugs: unknown[] = [];
  let effects: string[] = [];
  let answers: string[] = [];
  const core = {
    nextTickMs: Infinity,
    get isUrgent() {
      return answers.length > 0;
    },
    handle(event: TestEvent) {
      if (event === 'bug') throw new Error('a bug');
      (event === 'read' ? answers : effects).push(event);
    },
    takeEffects() {
      const taken = [...effects, ...answers];
      effects = [];
      answers = [];
      return taken;
    },
    takeUrgentEffects() {
      const taken = answers;
      answers = [];
      return taken;
    },
  };
  const loop = new EventLoop<TestEvent, string>({
    core,
    now: () => ({ elapsedMs: 0, wallMs: 0 }),
    tick: 'tick',
    run: (effect) => done.push(effect),
    onBug: (error) => bugs.push(error),
  });
  return { loop, done, bugs };
}

test('event loop: what all events of a turn want done is done together, when they are all handled', async () => {
  const { loop, done } = makeLoop();
  loop.handle('write');
  loop.handle('write');
  expect(done).toEqual([]);
  await nextTurn();
  expect(done).toEqual(['write', 'write']);
});

test('event loop: an answer that waits for nothing is not kept until then', async () => {
  const { loop, done } = makeLoop();
  loop.handle('write');
  loop.handle('read');
  expect(done).toEqual(['read']);
  await nextTurn();
  expect(done).toEqual(['read', 'write']);
});

test('event loop: after a bug nothing is done any more, not even what was wanted before', async () => {
  const { loop, done, bugs } = makeLoop();
  loop.handle('write');
  loop.handle('bug');
  loop.handle('read');
  await nextTurn();
  expect(done).toEqual([]);
  expect(bugs).toHaveLength(1);
});
