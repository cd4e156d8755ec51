/**
 * How values that JSON has no word for cross the wire between shell and renderer. oRPC has bigint, Date, Map and Set
 * built in; a Uint8Array would silently arrive as a plain object, so both sides register this one.
 */
import { BugError } from '../assert.ts';
import { decodeBase64, encodeBase64 } from '../base64.ts';

/** oRPC keeps the types below 20 for itself. */
const UINT8_ARRAY_TYPE = 20;

export const customJsonSerializers = [
  {
    type: UINT8_ARRAY_TYPE,
    condition: (data: unknown): boolean => data instanceof Uint8Array,
    serialize: (data: unknown): string => encodeBase64(data as Uint8Array),
    deserialize: (serialized: unknown): Uint8Array => {
      const bytes = typeof serialized === 'string' ? decodeBase64(serialized) : undefined;
      if (!bytes) throw new BugError('a byte array did not arrive as base64');
      return bytes;
    },
  },
];
