/** The queue against a plain array. */
import fc from 'fast-check';
import { expect, test } from 'vitest';

import { Fifo } from '../../../../embedded-server/core/fifo.ts';

test('fifo: gives back what an array would, also when it has grown and shrunk past its compaction', () => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ push: fc.nat(1500), shift: fc.nat(1500) }), { maxLength: 8 }),
      (rounds) => {
        const fifo = new Fifo<number>();
        const model: number[] = [];
        let next = 0;
        for (const { push, shift } of rounds) {
          for (let count = 0; count < push; count++) {
            fifo.push(next);
            model.push(next++);
          }
          for (let count = 0; count < shift; count++) expect(fifo.shift()).toBe(model.shift());
          expect(fifo.length).toBe(model.length);
          expect(fifo.peek()).toBe(model[0]);
        }
      },
    ),
    { numRuns: 20 },
  );
});
