/**
 * Listens at two places of the core without the core knowing: where a primary broadcasts and where a server delivers. Deaf
 * unless a simulated server is just being stepped, so other suites of the process do not notice.
 */
import { Prep } from '../../embedded-server/core/prep.ts';
import { RequestPipeline } from '../../embedded-server/core/request-pipeline.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { type LogEntry, encodeLogEntry } from '../../shared/storage-format/txn.ts';

export interface Listener {
  onProposed(entry: LogEntry, bytes: Uint8Array): void;
  /** The server's tree has it by now. */
  onDelivered(entry: LogEntry, bytes: Uint8Array): void;
}

let listener: Listener | undefined;
let isInstalled = false;

/** Runs `step` with `heard` listening. */
export function listenDuring<T>(heard: Listener, step: () => T): T {
  if (!isInstalled) install();
  listener = heard;
  try {
    return step();
  } finally {
    listener = undefined;
  }
}

function install(): void {
  isInstalled = true;
  // eslint-disable-next-line @typescript-eslint/unbound-method -- called with its own `this` below
  const { prepare } = Prep.prototype;
  Prep.prototype.prepare = function (this: Prep, write) {
    const prepared = prepare.call(this, write);
    listener?.onProposed(prepared.entry, prepared.bytes);
    return prepared;
  };
  // eslint-disable-next-line @typescript-eslint/unbound-method -- as above
  const { apply } = RequestPipeline.prototype;
  RequestPipeline.prototype.apply = function (this: RequestPipeline, entry) {
    const applied = apply.call(this, entry);
    listener?.onDelivered(entry, encode(entry));
    return applied;
  };
}

function encode(entry: LogEntry): Uint8Array {
  const writer = new JuteWriter();
  encodeLogEntry(writer, entry);
  return writer.finish();
}
