/** Reading and writing znodes of an open connection. All writes are versioned and pass the write guard. */
import { eventIterator } from '@orpc/contract';
import { z } from 'zod';
import { CREATE_MODES, TTL_MS_MAX } from '../protocol/create-mode.ts';
import { AclDto, Bytes, ConnectionId, StatDto, ZnodePath, procedure } from './common.ts';
import { Failure } from './failure.ts';

const At = z.object({ connectionId: ConnectionId, path: ZnodePath });

export const ZnodeDto = z.object({
  path: z.string(),
  /** Null and empty are two things. */
  data: Bytes.nullable(),
  stat: StatDto,
});
export type ZnodeDto = z.infer<typeof ZnodeDto>;

/** A listing comes in pieces, so that 100,000 names neither block the window nor have to be awaited. */
export const ChildrenPiece = z.object({
  /** Present in the first piece. */
  stat: StatDto.optional(),
  /** The number of children in the whole listing. */
  total: z.int(),
  /** The next names, in order. */
  names: z.array(z.string()),
});
export type ChildrenPiece = z.infer<typeof ChildrenPiece>;

/** What a tree row shows of a node. */
export const ZnodeSummary = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('node'),
    path: z.string(),
    numChildren: z.int(),
    dataLength: z.int(),
    version: z.int(),
    /** `0x0` when not ephemeral. */
    ephemeralOwner: z.string(),
    /** Whether a quota is set on exactly this node. */
    hasQuota: z.boolean(),
    /** Zabra created it in this run, so it knows what a Stat does not tell. */
    createdAs: z.enum(CREATE_MODES).optional(),
  }),
  z.object({ kind: z.literal('gone'), path: z.string() }),
  /** The server refused to show it. */
  z.object({ kind: z.literal('denied'), path: z.string() }),
]);
export type ZnodeSummary = z.infer<typeof ZnodeSummary>;

/** A quota's limits and use, -1 where there is no limit (PROTOCOL.md 2.14). */
export const QuotaDto = z.object({
  countLimit: z.number(),
  countHardLimit: z.number(),
  bytesLimit: z.number(),
  bytesHardLimit: z.number(),
  count: z.number(),
  bytes: z.number(),
});
export type QuotaDto = z.infer<typeof QuotaDto>;

export const znodes = {
  get: procedure.input(At).output(ZnodeDto),
  children: procedure.input(At).output(eventIterator(ChildrenPiece)),
  /** Up to 500 nodes at once: the rows that are on screen. */
  summaries: procedure
    .input(z.object({ connectionId: ConnectionId, paths: z.array(ZnodePath).max(500) }))
    .output(z.array(ZnodeSummary)),
  create: procedure
    .input(
      At.extend({
        data: Bytes.nullable(),
        acl: z.array(AclDto).min(1),
        mode: z.enum(CREATE_MODES),
        /** For the two TTL modes. */
        ttlMs: z.int().min(1).max(TTL_MS_MAX).optional(),
      }),
    )
    /** `path` has the sequence number, if the node got one. */
    .output(z.object({ path: z.string(), stat: StatDto })),
  /** Fails with BADVERSION when the node has another version; -1 writes over any. */
  setData: procedure.input(At.extend({ data: Bytes.nullable(), version: z.int().min(-1) })).output(StatDto),
  getAcl: procedure.input(At).output(z.object({ acl: z.array(AclDto), stat: StatDto })),
  /** `aversion` as read; -1 for any. */
  setAcl: procedure
    .input(At.extend({ acl: z.array(AclDto).min(1), aversion: z.int().min(-1) }))
    .output(StatDto),
  /** Deletes one node without children. Returns what is needed to make it again. */
  remove: procedure
    .input(At.extend({ version: z.int().min(-1) }))
    .output(z.object({ data: Bytes.nullable(), acl: z.array(AclDto), stat: StatDto })),
  /** What a recursive delete would remove: nodes below and including this one, this session's or others' ephemerals. */
  countSubtree: procedure.input(At).output(z.object({ nodes: z.int() })),
  /** Null when the node has no quota of its own. */
  quota: procedure.input(At).output(QuotaDto.nullable()),
  /** `user:base64(sha1(user:password))`; nothing is sent to any server. */
  digest: procedure
    .input(z.object({ user: z.string().min(1).max(1024), password: z.string().max(65_536) }))
    .output(z.object({ id: z.string() })),
};

export const JobKind = z.enum(['delete-recursive']);

/** Progress of a long job. The counts only grow. */
export const JobState = z.object({
  jobId: z.string(),
  kind: JobKind,
  connectionId: ConnectionId,
  path: z.string(),
  state: z.enum(['running', 'done', 'cancelled', 'failed']),
  done: z.int(),
  /** Null while it is not known yet. */
  total: z.int().nullable(),
  /** The path that was worked on last. */
  current: z.string(),
  startedAtMs: z.number(),
  endedAtMs: z.number().nullable(),
  /** What failed on the way, at most 100; `errorCount` has all. */
  errors: z.array(z.object({ path: z.string(), failure: Failure })),
  errorCount: z.int(),
  /** Why the whole job failed. */
  failure: Failure.nullable(),
});
export type JobState = z.infer<typeof JobState>;

export const jobs = {
  startDeleteRecursive: procedure.input(At).output(z.object({ jobId: z.string() })),
  /** The state at once and then at most ten times a second; ends when the job has ended. */
  follow: procedure.input(z.object({ jobId: z.string() })).output(eventIterator(JobState)),
  /** The job stops after what it has already sent; what was deleted stays deleted. */
  cancel: procedure.input(z.object({ jobId: z.string() })),
};
