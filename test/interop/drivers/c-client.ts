/**
 * Drives Apache's C client, through the npm package `zookeeper`, by JSON lines on standard input and output (see
 * ../scripted-client.ts). A process of its own, since a native addon can end its process.
 */
import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

type Done = (rc: number, message: string, ...results: readonly unknown[]) => void;
type OnWatch = (type: number, state: number, path: string) => void;

/** What this driver uses of the package; its own typings are for its promise API. */
interface NativeClient {
  readonly client_id: string;
  init(config: Readonly<Record<string, unknown>>): unknown;
  on(event: 'connect', listener: () => void): unknown;
  close(): unknown;
  a_create(path: string, data: string, flags: number, done: Done): unknown;
  a_get(path: string, watch: boolean, done: Done): unknown;
  a_set(path: string, data: string, version: number, done: Done): unknown;
  a_delete_(path: string, version: number, done: Done): unknown;
  a_get_children(path: string, watch: boolean, done: Done): unknown;
  aw_get(path: string, onWatch: OnWatch, done: Done): unknown;
  aw_get_children(path: string, onWatch: OnWatch, done: Done): unknown;
}

const addon = createRequire(import.meta.url)('zookeeper') as new () => NativeClient;

const LOG_LEVEL_ERROR = 1;
const ANY_VERSION = -1;
const SESSION_EVENT = -1;
const FLAGS: Readonly<Record<string, number>> = { PERSISTENT: 0, EPHEMERAL: 1, EPHEMERAL_SEQUENTIAL: 3 };
const EVENT_NAMES: Readonly<Record<number, string>> = {
  1: 'NodeCreated',
  2: 'NodeDeleted',
  3: 'NodeDataChanged',
  4: 'NodeChildrenChanged',
};
const ERROR_NAMES: Readonly<Record<number, string>> = { [-101]: 'NONODE', [-110]: 'NODEEXISTS' };

function say(line: object): void {
  process.stdout.write(`${JSON.stringify(line)}\n`);
}

const [connect, timeoutMs] = process.argv.slice(2);
const client = new addon();
client.on('connect', () => {
  say({ connected: true });
});
client.init({
  connect,
  timeout: Number(timeoutMs),
  debug_level: LOG_LEVEL_ERROR,
  host_order_deterministic: false,
});

const onWatch: OnWatch = (type, _state, path) => {
  // Session events come to every watch, too.
  if (type !== SESSION_EVENT) say({ event: { type: EVENT_NAMES[type] ?? String(type), path } });
};

/** Makes one call; `done` gets the addon's return code and the value for the answer. */
function perform(name: string, args: readonly string[], done: (rc: number, value?: unknown) => void): void {
  const [path = '', data = '', mode = ''] = args;
  switch (name) {
    case 'create':
      client.a_create(path, data, FLAGS[mode] ?? 0, (rc, _message, created) => {
        done(rc, created);
      });
      break;
    case 'get':
      client.a_get(path, false, (rc, _message, _stat, bytes) => {
        done(rc, textOf(bytes));
      });
      break;
    case 'watchData':
      client.aw_get(path, onWatch, (rc) => {
        done(rc);
      });
      break;
    case 'set':
      client.a_set(path, data, ANY_VERSION, (rc) => {
        done(rc);
      });
      break;
    case 'delete':
      client.a_delete_(path, ANY_VERSION, (rc) => {
        done(rc);
      });
      break;
    case 'list':
      client.a_get_children(path, false, (rc, _message, names) => {
        done(rc, names);
      });
      break;
    case 'watchChildren':
      client.aw_get_children(path, onWatch, (rc) => {
        done(rc);
      });
      break;
    case 'sessionId':
      done(0, `0x${client.client_id}`);
      break;
    case 'close':
      client.close();
      done(0);
      break;
    default:
      throw new Error(`unknown call ${name}`);
  }
}

function textOf(bytes: unknown): string {
  return Buffer.isBuffer(bytes) ? bytes.toString('utf8') : '';
}

createInterface({ input: process.stdin })
  .on('line', (text) => {
    const { call, name, args } = JSON.parse(text) as { call: number; name: string; args: string[] };
    perform(name, args, (rc, value) => {
      say(rc === 0 ? { call, value } : { call, error: ERROR_NAMES[rc] ?? String(rc) });
    });
  })
  .on('close', () => process.exit(0));
