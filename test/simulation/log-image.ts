/**
 * The log of a simulated server as bytes, in the format of the file (PROTOCOL.md 6.3). Whatever a crash leaves of it is
 * found as a real server finds it: by lengths, checksums and end marks.
 */
import { assert } from '../../shared/assert.ts';
import { JuteReader } from '../../shared/jute/reader.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { encodeTxnLogRecord, readTxnLogPlace } from '../../shared/storage-format/txn-log-file.ts';
import { decodeLogEntry } from '../../shared/storage-format/txn.ts';
import type { Zxid } from '../../shared/zxid.ts';
import type { LoggedTxn } from '../../embedded-server/core/committed-log.ts';

export class LogImage {
  readonly #writer = new JuteWriter();
  #bytes = new Uint8Array(4096);
  #length = 0;

  append(entry: Uint8Array): void {
    this.#write(this.#encode(entry));
  }

  /** `share`, from 0 to below 1, of a record reaches the disk: at least one byte, and never all of them. */
  appendTorn(entry: Uint8Array, share: number): void {
    const record = this.#encode(entry);
    this.#write(record.subarray(0, 1 + Math.floor((record.length - 2) * share)));
  }

  #encode(entry: Uint8Array): Uint8Array {
    this.#writer.reset();
    encodeTxnLogRecord(this.#writer, entry);
    return this.#writer.finish();
  }

  #write(bytes: Uint8Array): void {
    if (this.#length + bytes.length > this.#bytes.length) {
      const larger = new Uint8Array(2 * (this.#length + bytes.length));
      larger.set(this.#bytes.subarray(0, this.#length));
      this.#bytes = larger;
    }
    this.#bytes.set(bytes, this.#length);
    this.#length += bytes.length;
  }

  /** Every whole record; a torn tail is cut off. */
  recover(): LoggedTxn[] {
    const txns: LoggedTxn[] = [];
    this.#length = this.#visit((txn) => txns.push(txn));
    return txns;
  }

  /** Keeps the records for which `isKept` holds: all of them at one end of the log. */
  keep(isKept: (zxid: Zxid) => boolean): void {
    let from = this.#length;
    let to = 0;
    this.#visit(({ entry }, start, end) => {
      if (!isKept(entry.header.zxid)) return;
      assert(to === 0 || to === start, 'a hole would be left in the log');
      from = Math.min(from, start);
      to = end;
    });
    this.#bytes.copyWithin(0, from, to);
    this.#length = Math.max(0, to - from);
  }

  /** Returns where the last whole record ends. */
  #visit(visit: (txn: LoggedTxn, start: number, end: number) => void): number {
    const window = this.#bytes.subarray(0, this.#length);
    for (let at = 0; ;) {
      const place = readTxnLogPlace(window, at, true);
      if (place.kind !== 'record') return at;
      const bytes = place.entry.slice();
      visit({ entry: decodeLogEntry(new JuteReader(bytes)), bytes }, at, place.end);
      at = place.end;
    }
  }
}
