/** Longs of the server-to-server protocols that are small numbers: server ids and epochs. */
import { ProtocolError } from '../../shared/errors.ts';
import type { JuteReader } from '../../shared/jute/reader.ts';

/** What an observer puts in place of the sid and the epoch that it proposes: Java's Long.MIN_VALUE, exact as a number. */
export const LONG_MIN = -(2 ** 63);

/** A long that must be a number that JavaScript holds exactly. Throws ProtocolError BAD_VALUE. */
export function readSmallLong(reader: JuteReader): number {
  const value = reader.readLong();
  const number = Number(value);
  if (!Number.isSafeInteger(number) && number !== LONG_MIN) {
    throw new ProtocolError('BAD_VALUE', `${value} is neither a server id nor an epoch`);
  }
  return number;
}
