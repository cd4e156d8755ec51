/**
 * What several areas of the contract share: ids as text, Stat and ACL as DTOs. 64-bit numbers travel as `0x…` hex,
 * times as milliseconds since 1970, bytes as Uint8Array (serializers.ts).
 */
import { oc } from '@orpc/contract';
import { z } from 'zod';
import { Failure } from './failure.ts';

/** The base of every procedure. */
export const procedure = oc.errors({ FAILURE: { data: Failure } });

export const Hex64 = z.string().regex(/^0x[0-9a-f]{1,16}$/);
/** A profile's id; an opened connection has the same one. */
export const ConnectionId = z.string().min(1).max(64);
/** Checked by the client before sending; kept lax here so that the answer can say which rule is broken. */
export const ZnodePath = z.string().min(1).max(1_000_000);
export const Bytes = z.custom<Uint8Array>((value) => value instanceof Uint8Array, 'not a byte array');
export const TimeMs = z.number();

/** `host:port` */
export const ServerAddress = z.string();

export const StatDto = z.object({
  czxid: Hex64,
  mzxid: Hex64,
  pzxid: Hex64,
  ctimeMs: TimeMs,
  mtimeMs: TimeMs,
  version: z.int(),
  cversion: z.int(),
  aversion: z.int(),
  /** `0x0` for a node that is not ephemeral. */
  ephemeralOwner: Hex64,
  dataLength: z.int(),
  numChildren: z.int(),
});
export type StatDto = z.infer<typeof StatDto>;

export const AclDto = z.object({
  /** Bit set: READ 1, WRITE 2, CREATE 4, DELETE 8, ADMIN 16. */
  perms: z.int().min(0).max(31),
  scheme: z.string().max(1024),
  id: z.string().max(65_536),
});
export type AclDto = z.infer<typeof AclDto>;

export const ServerRole = z.enum(['leader', 'follower', 'observer', 'standalone', 'read-only']);
export type ServerRole = z.infer<typeof ServerRole>;

/** Something that a server would know but does not tell, and the line of `zoo.cfg` that would change it. */
export const Hidden = z.object({
  server: ServerAddress,
  /** The four-letter word that was asked. */
  word: z.string(),
  reason: z.enum(['whitelist', 'unreachable', 'not-serving', 'not-understood', 'too-long']),
  /** Present for `whitelist`: `4lw.commands.whitelist=…` with what is allowed already plus this word. */
  configLine: z.string().optional(),
});
export type Hidden = z.infer<typeof Hidden>;
