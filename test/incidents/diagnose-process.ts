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

export interface Told {
  readonly finding: Finding;
  readonly atMs: number;
}

export class DiagnoseProcess {
  /** In the order in which they were told; a finding that changed is there several times. */
  readonly told: Told[] = [];
  readonly #child: ChildLines;

  constructor(ensemble: Ensemble, engine: EngineName) {
    const { servers, connectString } = ensemble;
    const adminUrls = servers.flatMap(({ adminUrl }) => (adminUrl === null ? [] : [adminUrl]));
    const args = [
      COMMAND,
      ...['--connect', connectString],
      ...['--admin', adminUrls.join(',')],
      ...['--data-dir', servers.map(({ folder }) => path.join(folder, 'data')).join(',')],
      ...(engine === 'apache'
        ? ['--log', servers.map(({ folder }) => path.join(folder, 'server.log')).join(',')]
        : []),
      '--json',
    ];
    this.#child = new ChildLines({
      file: process.execPath,
      args,
      onLine: (line) => {
        this.told.push({ finding: Finding.parse(JSON.parse(line)), atMs: Date.now() });
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
