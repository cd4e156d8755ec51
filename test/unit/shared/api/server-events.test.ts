/**
 * Whatever builtin servers tell is in the contract of events, field by field, apart from bigints, which travel as hex. Logs tell
 * more kinds, and fewer fields.
 */
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

type FromLogsOnly = never;
type ToldKind = Exclude<ServerEventDto['kind'], FromLogsOnly>;
/** A field of the contract that no server tells, by kind. */
type Untold = {
  [Kind in ToldKind]: Exclude<
    keyof Extract<ServerEventDto, { kind: Kind }>,
    keyof Extract<Told, { kind: Kind }>
  >;
}[ToldKind];

test('what is told is what is agreed on, neither more nor less', () => {
  const untold: readonly never[] = [] as Untold[];
  const event = toDto({ kind: 'dropped', count: 2, seq: 3, sid: 1, atMs: 0 });
  expect(ServerEventDto.parse(event)).toEqual(event);
  expect(untold).toEqual([]);
});
