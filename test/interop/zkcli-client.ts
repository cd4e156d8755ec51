/**
 * Apache's own command line client (`zkCli.sh`, class ZooKeeperMain), spoken to over standard input as a person does. Behind
 * each command goes one whose answer is known, so that it is clear where an answer ends.
 */
import { existsSync } from 'node:fs';
import { waitFor } from '../support/wait.ts';
import { ChildLines } from './child-lines.ts';
import {
  type ForeignClient,
  ForeignError,
  type ForeignEvent,
  type ForeignMode,
  type ForeignTool,
} from './foreign-client.ts';

const JAVA = '/usr/bin/java';
const JARS = ['zookeeper.jar', 'slf4j-simple.jar'].map((jar) => `/usr/share/java/${jar}`);
const COMMAND_MS_MAX = 20_000;

const LOG_LINE = /^\[[^\]]+\] (?:INFO|WARN|ERROR) /;
const ESTABLISHED = /Session establishment complete .* session id = (0x[0-9a-f]+)/;
const EVENT = /^WatchedEvent state:\S+ type:(\S+) path:(.*)$/;
const FAILURE = /^(Node does not exist|Node already exists): (.*)$/;
const FAILURE_CODES: Readonly<Record<string, string>> = {
  'Node does not exist': 'NONODE',
  'Node already exists': 'NODEEXISTS',
};
const MODE_FLAGS: Readonly<Record<ForeignMode, string>> = {
  PERSISTENT: '',
  EPHEMERAL: '-e ',
  EPHEMERAL_SEQUENTIAL: '-e -s ',
};

class ZkCli implements ForeignClient {
  readonly events: ForeignEvent[] = [];
  connectCount = 0;
  #sessionId = '';
  readonly #child: ChildLines;
  /** The lines of the answer under way. */
  #answer: string[] = [];
  #marksSeen = 0;
  #marksSent = 0;

  constructor({ connectString, sessionTimeoutMs }: { connectString: string; sessionTimeoutMs: number }) {
    const java = [
      'exec',
      JAVA,
      '-Xmx64m',
      '-XX:TieredStopAtLevel=1',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-Dorg.slf4j.simpleLogger.log.org.apache.zookeeper.ClientCnxn=info',
      `-cp ${JARS.join(':')}`,
      'org.apache.zookeeper.ZooKeeperMain',
      `-server ${connectString}`,
      `-timeout ${sessionTimeoutMs}`,
      '2>&1',
    ];
    // A shell, so that both of its streams come in the order in which they were written.
    this.#child = new ChildLines({
      file: '/bin/sh',
      args: ['-c', java.join(' ')],
      onLine: (line) => {
        this.#onLine(line);
      },
    });
  }

  async connected(): Promise<void> {
    await this.#until('zkCli connects', () => this.connectCount > 0);
  }

  async create(path: string, data: string, mode: ForeignMode): Promise<string> {
    const [line = ''] = await this.#run(`create ${MODE_FLAGS[mode]}${path} ${data === '' ? '""' : data}`);
    return line.replace(/^Created /, '');
  }

  async get(path: string): Promise<string> {
    return (await this.#run(`get ${path}`)).join('\n');
  }

  async set(path: string, data: string): Promise<void> {
    await this.#run(`set ${path} ${data}`);
  }

  async delete(path: string): Promise<void> {
    await this.#run(`delete ${path}`);
  }

  async list(path: string): Promise<readonly string[]> {
    const [line = ''] = await this.#run(`ls ${path}`);
    return line.slice(1, -1).split(', ').filter(Boolean);
  }

  async watchData(path: string): Promise<void> {
    await this.#run(`get -w ${path}`);
  }

  async watchChildren(path: string): Promise<void> {
    await this.#run(`ls -w ${path}`);
  }

  sessionId(): Promise<string> {
    return Promise.resolve(this.#sessionId);
  }

  async close(): Promise<void> {
    if (this.#child.isRunning) this.#child.writeLine('quit');
    await this.#child.end();
  }

  kill(): Promise<void> {
    return this.#child.kill();
  }

  /** The lines that a command printed. Rejects with what the client said went wrong. */
  async #run(command: string): Promise<readonly string[]> {
    const mark = ++this.#marksSent;
    this.#answer = [];
    this.#child.writeLine(command);
    this.#child.writeLine(`stat ${markPath(mark)}`);
    await this.#until(`zkCli answers ${command}`, () => this.#marksSeen >= mark);
    for (const line of this.#answer) {
      const [, problem, path] = FAILURE.exec(line) ?? [];
      if (problem !== undefined) throw new ForeignError(FAILURE_CODES[problem] ?? problem, path ?? '');
    }
    return this.#answer;
  }

  #onLine(line: string): void {
    const sessionId = ESTABLISHED.exec(line)?.[1];
    if (sessionId !== undefined) {
      this.#sessionId = sessionId;
      this.connectCount++;
    }
    const [, type, path] = EVENT.exec(line) ?? [];
    if (type !== undefined && type !== 'None') this.events.push({ type, path: path ?? '' });
    if (line.endsWith(`: ${markPath(this.#marksSeen + 1)}`)) this.#marksSeen++;
    else if (type === undefined && line !== '' && line !== 'WATCHER::' && !LOG_LINE.test(line)) {
      this.#answer.push(line);
    }
  }

  async #until(what: string, probe: () => boolean): Promise<void> {
    await waitFor(what, probe, COMMAND_MS_MAX).catch((error: unknown) => {
      throw new Error(`${String(error)}\nzkCli said:\n${this.#child.output}`, { cause: error });
    });
  }
}

/** What zkCli prints for one command, which it is started for and ends with. */
export async function runZkCli(connectString: string, ...command: readonly string[]): Promise<string> {
  const child = new ChildLines({
    file: JAVA,
    args: [
      '-Xmx64m',
      '-XX:TieredStopAtLevel=1',
      '-Dorg.slf4j.simpleLogger.defaultLogLevel=warn',
      '-cp',
      JARS.join(':'),
      'org.apache.zookeeper.ZooKeeperMain',
      '-server',
      connectString,
      ...command,
    ],
    onLine: () => undefined,
  });
  try {
    await waitFor(`zkCli runs ${command.join(' ')}`, () => !child.isRunning, COMMAND_MS_MAX);
    return child.output;
  } finally {
    await child.kill();
  }
}

/** A node that never is. */
function markPath(mark: number): string {
  return `/zabra-mark-${mark}`;
}

export const zkCli: ForeignTool = {
  name: "Apache's zkCli",
  missing() {
    const missing = [JAVA, ...JARS].filter((file) => !existsSync(file));
    if (missing.length === 0) return undefined;
    return `${missing.join(', ')} not found; on Debian: apt-get install zookeeper libzookeeper-java libslf4j-java default-jre-headless`;
  },
  async start(options) {
    const client = new ZkCli(options);
    try {
      await client.connected();
    } catch (error) {
      await client.kill();
      throw error;
    }
    return client;
  },
};
