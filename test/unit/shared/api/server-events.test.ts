/** The contract of events and what servers tell are the same, apart from bigints, which travel as hex. */
import { expect, test } from 'vitest';

import type { DroppedEvent, KeptEvent } from '../../../../embedded-server/admin/event-ring.ts';
import { ServerEventDto } from '../../../../shared/api/server-events.ts';

/** As JSON has it. */
type Wire<T> = T extends bigint
  ? string
  : T extends readonly (infer Element)[]
    ? Wire<Element>[]
    : T extends object
      ? { -readonly [Key in keyof T]: Wire<T[Key]> }
      : T;
type Told = Wire<KeptEvent | DroppedEvent>;

const toDto = (event: Told): ServerEventDto => event;
const fromDto = (event: ServerEventDto): Told => event;

test('what is told is what is agreed on, neither more nor less', () => {
  const event = toDto({ kind: 'dropped', count: 2, seq: 3, sid: 1, atMs: 0 });
  expect(ServerEventDto.parse(fromDto(event))).toEqual(event);
});
