/** Runs the real command `diagnose` against an ensemble, with what a user would give it, and keeps what it prints. */
import path from 'node:path';
import { fileURLToPath } from 'node:url';

import { Finding } from '../../shared/api/findings.ts';
import type { EngineName } from '../../embedded-server/launcher/ensemble-description.ts';
import type { Ensemble } from '../../embedded-server/launcher/running-ensemble.ts';
import { ChildLines } from '../interop/child-lines.ts';
import { waitFor } from '../support/wait.ts';

const START_MS_MAX = 60_000;
const COMMAND = fileURLToPath(new URL('../../electron/diagnosis/diagnose.ts', import.meta.url));

/** What a user may give the diagnosis besides the servers; `local`: that they are on the same machine can be seen. */
export const SOURCES = ['local', 'admin', 'data-dir', 'log'] as const;
export type Source = (typeof SOURCES)[number];

const LOCAL = '127.0.0.1';
/** An address of this machine that does not look like one. */
const UNKNOWN = '0.0.0.0';

export interface Told {
  readonly finding: Finding;
  readonly atMs: number;
}

export class DiagnoseProcess {
  /** In the order in which they were told; a finding that changed is there several times. */
  readonly told: Told[] = [];
  readonly #child: ChildLines;

  constructor(ensemble: Ensemble, engine: EngineName, sources: readonly Source[] = SOURCES) {
    const { servers, connectString } = ensemble;
    const asked = sources.includes('local') ? connectString : connectString.replaceAll(LOCAL, UNKNOWN);
    const of: Readonly<Record<Exclude<Source, 'local'>, readonly string[]>> = {
      admin: servers.flatMap(({ adminUrl }) => (adminUrl === null ? [] : [adminUrl])),
      'data-dir': servers.map(({ folder }) => path.join(folder, 'data')),
      // What builtin servers write for people is no log of Apache's form.
      log: engine === 'apache' ? servers.map(({ folder }) => path.join(folder, 'server.log')) : [],
    };
    const args = [
      COMMAND,
      ...['--connect', asked],
      ...(['admin', 'data-dir', 'log'] as const).flatMap((source) =>
        sources.includes(source) && of[source].length > 0 ? [`--${source}`, of[source].join(',')] : [],
      ),
      '--json',
    ];
    this.#child = new ChildLines({
      file: process.execPath,
      args,
      onLine: (line) => {
        this.told.push({
          finding: Finding.parse(JSON.parse(line.replaceAll(UNKNOWN, LOCAL))),
          atMs: Date.now(),
        });
      },
    });
  }

  /** Resolves when it has seen every server. */
  async watching(): Promise<void> {
    await waitFor('the diagnosis watches', () => this.#child.output.includes('watching'), START_MS_MAX);
  }

  get isRunning(): boolean {
    return this.#child.isRunning;
  }

  get output(): string {
    return this.#child.output;
  }

  async stop(): Promise<void> {
    await this.#child.terminate();
  }
}
