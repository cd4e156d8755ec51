/** Changing an ensemble's membership (PROTOCOL.md 2.4, 2.15). */
import { OpCode } from './op-code.ts';
import type { Operation } from './operation.ts';
import { type Stat, decodeStat, encodeStat } from './stat.ts';

export interface ReconfigRequest {
  /** Comma-separated `server.N=…` lines to add or change; null when not incremental. */
  readonly joiningServers: string | null;
  /** Comma-separated sids to remove. */
  readonly leavingServers: string | null;
  /** The whole new membership, for a bulk change. */
  readonly newMembers: string | null;
  /** The config version that must be current, -1 for any. */
  readonly curConfigId: bigint;
}

export interface ReconfigResponse {
  /** The text of the new configuration. */
  readonly data: Uint8Array | null;
  readonly stat: Stat;
}

/**
 * ```
 * ReconfigRequest => joiningServers(ustring) leavingServers(ustring) newMembers(ustring) curConfigId(long)
 * ReconfigResponse => data(buffer) stat(Stat)
 * ```
 */
export const reconfig: Operation<ReconfigRequest, ReconfigResponse> = {
  name: 'reconfig',
  opCode: OpCode.reconfig,
  encodeRequest(writer, request) {
    writer.writeString(request.joiningServers);
    writer.writeString(request.leavingServers);
    writer.writeString(request.newMembers);
    writer.writeLong(request.curConfigId);
  },
  decodeRequest(reader) {
    return {
      joiningServers: reader.readNullableString(),
      leavingServers: reader.readNullableString(),
      newMembers: reader.readNullableString(),
      curConfigId: reader.readLong(),
    };
  },
  encodeResponse(writer, response) {
    writer.writeBuffer(response.data);
    encodeStat(writer, response.stat);
  },
  decodeResponse(reader) {
    return { data: reader.readBuffer(), stat: decodeStat(reader) };
  },
};
