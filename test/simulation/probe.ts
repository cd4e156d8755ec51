/**
 * Listens at three places of the core without the core knowing: where a primary broadcasts, where a server delivers, and
 * what any database is made of. Deaf unless a simulated server is just being stepped, so other suites of the process do
 * not notice.
 */
import { Database } from '../../embedded-server/core/database.ts';
import type { Applied } from '../../embedded-server/core/database.ts';
import { Prep } from '../../embedded-server/core/prep.ts';
import { RequestPipeline } from '../../embedded-server/core/request-pipeline.ts';
import { JuteWriter } from '../../shared/jute/writer.ts';
import { type LogEntry, encodeLogEntry } from '../../shared/storage-format/txn.ts';
import type { Zxid } from '../../shared/zxid.ts';

/** A transaction that a database holds, and what it held before. */
interface Content {
  readonly entry: LogEntry;
  readonly before: Content | undefined;
}

/**
 * What databases are made of. One that was read from a snapshot is known by what the snapshot was made of: its zxid and the
 * digest of its tree.
 */
export class Provenance {
  readonly #contents = new Map<string, Content | undefined>();
  readonly #known = new WeakMap<Database, { readonly content: Content | undefined }>();

  #contentOf(database: Database): Content | undefined {
    const known = this.#known.get(database);
    return known ? known.content : this.#contents.get(keyOf(database));
  }

  #set(database: Database, content: Content | undefined): void {
    this.#known.set(database, { content });
    this.#contents.set(keyOf(database), content);
  }

  onApply(database: Database, entry: LogEntry, apply: () => void): void {
    const before = this.#contentOf(database);
    apply();
    this.#set(database, { entry, before });
  }

  onEpochBegun(database: Database, begin: () => void): void {
    const content = this.#contentOf(database);
    begin();
    this.#set(database, content);
  }

  /** What `database` holds behind `zxid`, in order. */
  entriesBehind(database: Database, zxid: Zxid): { readonly entry: LogEntry; readonly bytes: Uint8Array }[] {
    const entries: { readonly entry: LogEntry; readonly bytes: Uint8Array }[] = [];
    for (let at = this.#contentOf(database); at && at.entry.header.zxid > zxid; at = at.before) {
      entries.push({ entry: at.entry, bytes: encode(at.entry) });
    }
    return entries.reverse();
  }
}

function keyOf({ lastProcessedZxid, tree }: Database): string {
  return `${lastProcessedZxid}/${tree.digest}`;
}

export interface Listener {
  readonly provenance: Provenance;
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
  // eslint-disable-next-line @typescript-eslint/unbound-method -- as above
  const { apply: applyToDatabase, beginEpoch } = Database.prototype;
  Database.prototype.apply = function (this: Database, entry) {
    if (!listener) return applyToDatabase.call(this, entry);
    let applied: Applied | undefined;
    listener.provenance.onApply(this, entry, () => {
      applied = applyToDatabase.call(this, entry);
    });
    return applied!;
  };
  Database.prototype.beginEpoch = function (this: Database, zxid) {
    if (listener) listener.provenance.onEpochBegun(this, () => beginEpoch.call(this, zxid));
    else beginEpoch.call(this, zxid);
  };
}

function encode(entry: LogEntry): Uint8Array {
  const writer = new JuteWriter();
  encodeLogEntry(writer, entry);
  return writer.finish();
}
