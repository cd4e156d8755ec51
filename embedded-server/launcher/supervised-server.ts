/**
 * One server of an ensemble over its whole life: started, stopped, killed, paused and started again, always from the same
 * plan. What is asked is done one after the other; killing does not wait for its turn.
 *
 *   stopped ── start ──► running ◄── pause/resume ──► paused
 *      ▲                    │                            │
 *      └── stop, kill, an end that nobody asked for ─────┘
 */
import { mkdir, rm } from 'node:fs/promises';
import path from 'node:path';

import type { Zxid } from '../../shared/zxid.ts';
import { type Conditions, USUAL_CONDITIONS } from '../server-messages.ts';
import type { Engine, OnLog, ServerHandle } from './engine.ts';
import type { PlannedServer } from './ensemble-plan.ts';
import { FaultError } from './fault-error.ts';
import { type ServingMode, askServer } from './server-answer.ts';

/** Where a server keeps everything that it writes (PROTOCOL.md 6.3). */
const VERSION_FOLDER = 'version-2';

export type ServerState =
  | 'stopped'
  /** The process is there and its client port is not. */
  | 'starting'
  | 'looking'
  | ServingMode
  | 'paused';

/** What is known of a server's process without asking the server. */
export interface ProcessStatus {
  readonly sid: number;
  readonly state: 'stopped' | 'starting' | 'running' | 'paused';
  readonly pid: number | null;
  /** Why it is stopped although nobody stopped it. */
  readonly failure: string | null;
  /** Of its disk and its clock; null where the engine has no lever for them. */
  readonly conditions: Conditions | null;
}

export interface ServerStatus {
  readonly sid: number;
  readonly role: 'participant' | 'observer';
  readonly host: string;
  readonly clientPort: number;
  readonly adminPort: number | null;
  readonly adminUrl: string | null;
  readonly pid: number | null;
  readonly state: ServerState;
  /** The last transaction it has applied; null while it does not serve. */
  readonly zxid: Zxid | null;
  /** Why it is stopped although nobody stopped it. */
  readonly failure: string | null;
}

export interface SupervisedServerOptions {
  readonly plan: PlannedServer;
  readonly engine: Engine;
  readonly onLog: OnLog;
  /** It ended and nobody had asked for it; not called when it never came up. */
  readonly onFailure: (message: string) => void;
  /** {@link SupervisedServer.process} is another now. */
  readonly onChange: () => void;
}

interface Running {
  readonly handle: ServerHandle;
  isUp: boolean;
  isPaused: boolean;
  isEndWanted: boolean;
}

export class SupervisedServer {
  #plan: PlannedServer;
  readonly #options: SupervisedServerOptions;
  #running: Running | undefined;
  /** They outlast the process, as a disk and a clock do. */
  #conditions = USUAL_CONDITIONS;
  #failure: string | undefined;
  #isEnded = false;
  #turn: Promise<unknown> = Promise.resolve();

  constructor(options: SupervisedServerOptions) {
    this.#plan = options.plan;
    this.#options = options;
  }

  get plan(): PlannedServer {
    return this.#plan;
  }

  /** The ensemble has other members now: it dials them there, and is started from `plan` the next time. */
  replan(plan: PlannedServer, routes: Readonly<Record<string, string>>): void {
    this.#plan = plan;
    if (Object.keys(routes).length > 0) this.#running?.handle.setDialRoutes(routes);
  }

  /** Resolves when it answers on its client port. Throws StartError; it is stopped then. */
  async start(): Promise<void> {
    const handle = await this.#inTurn(async () => {
      if (this.#isEnded) throw new FaultError('WRONG_STATE', 'the ensemble has been closed');
      if (this.#running === undefined) {
        this.#running = await this.#launch();
        this.#options.onChange();
      }
      return this.#running.handle;
    });
    await handle.up;
  }

  async stop(): Promise<void> {
    await this.#inTurn(async () => {
      const running = this.#running;
      if (running === undefined) return;
      running.isEndWanted = true;
      if (running.isPaused) this.#signal(running, 'SIGCONT');
      running.isPaused = false;
      await running.handle.stop();
    });
  }

  async kill(): Promise<void> {
    await Promise.all([
      this.#killNow(),
      // One that was about to start is killed when its turn has come.
      this.#inTurn(() => this.#killNow()),
    ]);
  }

  /** Stops it for good: in order where it is up, at once where it is still starting. */
  async end(): Promise<void> {
    this.#isEnded = true;
    await (this.#running?.isUp === true ? this.stop() : this.kill());
  }

  async pause(): Promise<void> {
    await this.#inTurn(async () => {
      const running = this.#require('paused');
      this.#signal(running, 'SIGSTOP');
      running.isPaused = true;
      this.#options.onChange();
    });
  }

  async resume(): Promise<void> {
    await this.#inTurn(async () => {
      const running = this.#require('resumed');
      this.#signal(running, 'SIGCONT');
      running.isPaused = false;
      this.#options.onChange();
    });
  }

  /** Removes everything that it has written as a server, as if it had lost its disk. */
  async wipe(): Promise<void> {
    await this.#inTurn(async () => {
      if (this.#running !== undefined) {
        throw new FaultError('WRONG_STATE', `${this.plan.name} runs: stop it before its data is wiped`);
      }
      const { dataFolder, logFolder } = this.plan;
      for (const folder of [dataFolder, logFolder]) {
        await rm(path.join(folder, VERSION_FOLDER), { recursive: true, force: true });
      }
    });
  }

  /** What is known of it without asking it. */
  get process(): ProcessStatus {
    const running = this.#running;
    const standing = this.#standing();
    const { engine } = this.#options;
    const hasConditions = engine.refusalOf('disk') === undefined && engine.refusalOf('clock') === undefined;
    return {
      sid: this.plan.sid,
      state: standing === 'running' && running?.isUp !== true ? 'starting' : standing,
      pid: running?.handle.pid ?? null,
      failure: this.#failure ?? null,
      conditions: hasConditions ? this.#conditions : null,
    };
  }

  /** Its disk and its clock, from now on and when it is started again. Resolves when a server that runs goes by it. */
  async change(lever: 'disk' | 'clock', conditions: Partial<Conditions>): Promise<void> {
    await this.#inTurn(async () => {
      const { engine } = this.#options;
      const { plan } = this;
      const refusal = engine.refusalOf(lever);
      if (refusal !== undefined) throw new FaultError('NOT_SUPPORTED', `${plan.name}: ${refusal}`);
      if (this.#running?.isPaused === true) {
        throw new FaultError('WRONG_STATE', `${plan.name} is paused and would not notice: resume it first`);
      }
      this.#conditions = { ...this.#conditions, ...conditions };
      await this.#running?.handle.setConditions(this.#conditions);
      this.#options.onChange();
    });
  }

  async status(): Promise<ServerStatus> {
    const { sid, role, host, clientPort, adminPort, adminUrl } = this.plan;
    const { state, zxid } = await this.#observe();
    return {
      sid,
      role,
      host,
      clientPort,
      adminPort: adminPort ?? null,
      adminUrl: adminUrl ?? null,
      pid: this.#running?.handle.pid ?? null,
      state,
      zxid,
      failure: this.#failure ?? null,
    };
  }

  async #observe(): Promise<{ state: ServerState; zxid: Zxid | null }> {
    const standing = this.#standing();
    if (standing !== 'running') return { state: standing, zxid: null };
    const answer = await askServer(this.plan);
    switch (answer.kind) {
      case 'unreachable': {
        // It may have ended, or been paused, while it was asked.
        const now = this.#standing();
        return { state: now === 'running' ? 'starting' : now, zxid: null };
      }
      case 'looking':
        return { state: 'looking', zxid: null };
      case 'serving':
        return { state: answer.mode, zxid: answer.zxid };
    }
  }

  #standing(): 'stopped' | 'paused' | 'running' {
    if (this.#running === undefined) return 'stopped';
    return this.#running.isPaused ? 'paused' : 'running';
  }

  async #launch(): Promise<Running> {
    const { engine, onLog } = this.#options;
    const { plan } = this;
    await mkdir(plan.folder, { recursive: true });
    const handle = await engine.start(plan, { onLog, conditions: this.#conditions });
    const running: Running = { handle, isUp: false, isPaused: false, isEndWanted: false };
    this.#failure = undefined;
    handle.up.then(
      () => {
        running.isUp = true;
        this.#options.onChange();
      },
      // start() says why.
      () => undefined,
    );
    void handle.exited.then((code) => {
      this.#onExit(running, code);
      this.#options.onChange();
    });
    return running;
  }

  #onExit(running: Running, code: number | null): void {
    this.#running = undefined;
    if (running.isEndWanted) return;
    const how = code === null ? 'was killed by somebody' : `ended by itself with exit code ${code}`;
    const { lastWords } = running.handle;
    this.#failure = `${this.plan.name} ${how}${lastWords === undefined ? '' : `: ${lastWords}`}`;
    if (running.isUp) this.#options.onFailure(this.#failure);
  }

  async #killNow(): Promise<void> {
    const running = this.#running;
    if (running === undefined) return;
    running.isEndWanted = true;
    await running.handle.kill();
  }

  #require(what: string): Running {
    if (process.platform === 'win32') {
      throw new FaultError('NOT_SUPPORTED', 'on Windows no process can be paused');
    }
    if (this.#running !== undefined) return this.#running;
    throw new FaultError('WRONG_STATE', `${this.plan.name} is stopped, so it cannot be ${what}`);
  }

  #signal({ handle }: Running, signal: 'SIGSTOP' | 'SIGCONT'): void {
    const problem = new FaultError('WRONG_STATE', `${this.plan.name} has ended`);
    if (handle.pid === undefined) throw problem;
    try {
      // Node keeps a child's pid until it has seen its end, so this is no stranger's.
      process.kill(handle.pid, signal);
    } catch {
      throw problem;
    }
  }

  #inTurn<T>(action: () => Promise<T>): Promise<T> {
    const done = this.#turn.then(action);
    this.#turn = done.catch(() => undefined);
    return done;
  }
}
