/** `hash`: the tree's digest after every 128th transaction, one line each (PROTOCOL.md 3.1). Pure. */
import { parseHex } from './lines.ts';

export interface TreeDigest {
  readonly zxid: string;
  /** 64 bits in hex. */
  readonly value: string;
}

/** The newest one; undefined when there is none yet. */
export function parseHash(text: string): TreeDigest | undefined {
  const line = text.trim().split('\n').at(-1) ?? '';
  const [zxidText = '', digestText = ''] = line.split(': ');
  const zxid = parseHex(zxidText.startsWith('0x') ? zxidText : `0x${zxidText}`);
  if (zxid === undefined || !/^-?\d{1,20}$/.test(digestText)) return undefined;
  return { zxid, value: BigInt.asUintN(64, BigInt(digestText)).toString(16).padStart(16, '0') };
}
