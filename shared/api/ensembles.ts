/** Servers that Zabra runs on this machine. One server each, for now. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { ConnectionId, TimeMs, procedure } from './common.ts';
import { Failure } from './failure.ts';

export const EnsembleDto = z.object({
  ensembleId: z.string(),
  name: z.string(),
  connectionId: ConnectionId,
  state: z.enum(['starting', 'serving', 'stopping', 'stopped', 'failed']),
  clientPort: z.int(),
  pid: z.int().nullable(),
  sinceMs: TimeMs,
  failure: Failure.nullable(),
});
export type EnsembleDto = z.infer<typeof EnsembleDto>;

export const ensembles = {
  /** What a start without options would use. */
  defaults: procedure.output(z.object({ name: z.string(), clientPort: z.int() })),
  /** Starts a server and makes a profile for it; answers when it serves. */
  start: procedure
    .input(
      z.object({
        name: z.string().trim().min(1).max(100).optional(),
        clientPort: z.int().min(1).max(65_535).optional(),
        /** `zoo.cfg` keys under Apache's own names. */
        config: z.record(z.string(), z.string()).optional(),
      }),
    )
    .output(EnsembleDto),
  /** Starts a stopped one again, on its old port and with its data. */
  restart: procedure.input(z.object({ ensembleId: z.string() })).output(EnsembleDto),
  stop: procedure.input(z.object({ ensembleId: z.string() })).output(EnsembleDto),
  list: procedure.output(eventIterator(z.array(EnsembleDto))),
};
