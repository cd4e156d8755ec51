/** Log files: what Apache 3.8.0 wrote, records cut at every byte, flipped bits, windows of any size. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { JuteReader } from '../../../../shared/jute/reader.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import { decodeLogEntry, encodeLogEntry } from '../../../../shared/storage-format/txn.ts';
import {
  TXN_LOG_HEADER_BYTES,
  checkTxnLogHeader,
  encodeTxnLogHeader,
  encodeTxnLogRecord,
  findTxnLogRecord,
  readTxnLogPlace,
} from '../../../../shared/storage-format/txn-log-file.ts';

const FIXTURE = new URL('../../../fixtures/data-folder/apache-3.8.0/version-2/log.1', import.meta.url);

function written(write: (writer: JuteWriter) => void): Uint8Array {
  const writer = new JuteWriter();
  write(writer);
  return writer.finish();
}

function recordOf(entry: Uint8Array): Uint8Array {
  return written((writer) => {
    encodeTxnLogRecord(writer, entry);
  });
}

/** Every entry of a whole file in memory. */
function entriesOf(file: Uint8Array): Uint8Array[] {
  const entries: Uint8Array[] = [];
  for (let at = TXN_LOG_HEADER_BYTES; ;) {
    const place = readTxnLogPlace(file, at, true);
    if (place.kind !== 'record') {
      expect(place).toEqual({ kind: 'end' });
      return entries;
    }
    entries.push(place.entry);
    at = place.end;
  }
}

const ENTRY = Uint8Array.from({ length: 40 }, (_, at) => at + 1);

describe('txn log file: Apache', () => {
  const file = readFileSync(FIXTURE);

  test('a log of Apache is read, entry by entry, and written again byte for byte', () => {
    checkTxnLogHeader(file);
    const entries = entriesOf(file);
    expect(entries.length).toBeGreaterThan(3);
    const again = written((writer) => {
      encodeTxnLogHeader(writer);
      for (const entry of entries) {
        const decoded = decodeLogEntry(new JuteReader(entry));
        encodeTxnLogRecord(
          writer,
          written((inner) => {
            encodeLogEntry(inner, decoded);
          }),
        );
      }
    });
    expect(Buffer.from(again)).toEqual(file.subarray(0, again.length));
    expect(file.subarray(again.length).every((byte) => byte === 0)).toBe(true);
  });
});

describe('txn log file: headers', () => {
  test.each([
    ['too short', new Uint8Array(TXN_LOG_HEADER_BYTES - 1)],
    ['zeros', new Uint8Array(TXN_LOG_HEADER_BYTES)],
    ['a snapshot', Buffer.from('5a4b534e00000002ffffffffffffffff', 'hex')],
    ['another version', Buffer.from('5a4b4c47000000030000000000000000', 'hex')],
  ])('%s is refused', (_name, bytes) => {
    expect(() => {
      checkTxnLogHeader(bytes);
    }).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
  });
});

describe('txn log file: records', () => {
  test('any entries survive, and reserved space ends them', () => {
    const anyEntries = fc.array(fc.uint8Array({ minLength: 1, maxLength: 100 }), { maxLength: 20 });
    fc.assert(
      fc.property(anyEntries, fc.nat({ max: 40 }), (entries, reserved) => {
        const file = Buffer.concat([
          new Uint8Array(TXN_LOG_HEADER_BYTES),
          ...entries.map(recordOf),
          new Uint8Array(reserved),
        ]);
        expect(entriesOf(file).map((entry) => [...entry])).toEqual(entries.map((entry) => [...entry]));
      }),
      { numRuns: 100 },
    );
  });

  test('a record cut at any byte, with and without reserved space behind it, is no record', () => {
    const record = recordOf(ENTRY);
    for (let length = 1; length < record.length; length++) {
      const cut = record.slice(0, length);
      const padded = Buffer.concat([cut, new Uint8Array(100)]);
      for (const bytes of [cut, padded]) {
        const { kind } = readTxnLogPlace(bytes, 0, true);
        // The first bytes of a checksum are zeros, like reserved space.
        expect(kind).toBe(length <= 4 ? 'end' : 'broken');
      }
    }
  });

  test('a flipped bit anywhere makes it no record', () => {
    const record = recordOf(ENTRY);
    for (let bit = 0; bit < record.length * 8; bit++) {
      const flipped = record.slice();
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(readTxnLogPlace(flipped, 0, true).kind, `bit ${bit}`).toBe('broken');
    }
  });

  test('a window that is too small says how much it takes', () => {
    const record = recordOf(ENTRY);
    expect(readTxnLogPlace(record.subarray(0, 5), 0, false)).toEqual({ kind: 'more', bytesNeeded: 12 });
    const place = readTxnLogPlace(record.subarray(0, 20), 0, false);
    expect(place).toEqual({ kind: 'more', bytesNeeded: record.length });
  });

  test('a length out of all reason is not waited for', () => {
    const bytes = Buffer.from('00000000000000017fffffff', 'hex');
    expect(readTxnLogPlace(bytes, 0, false)).toMatchObject({ kind: 'broken' });
  });

  test('a whole record behind damage is found, and none where there is none', () => {
    const damaged = recordOf(ENTRY);
    damaged[20] = 0xff;
    const file = Buffer.concat([damaged, recordOf(ENTRY), new Uint8Array(50)]);
    expect(findTxnLogRecord(file, 1)).toBe(damaged.length);
    expect(findTxnLogRecord(file, damaged.length + 1)).toBeUndefined();
  });
});
