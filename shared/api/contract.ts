/**
 * The contract between shell and renderer: every call and every stream there is. The shell implements it once
 * (electron/services), behind a MessagePort in Electron and a WebSocket in the browser host.
 */
import { app } from './app.ts';
import { cluster } from './cluster.ts';
import { connections } from './connections.ts';
import { diagnosis } from './diagnosis.ts';
import { ensembles } from './ensembles.ts';
import { radius } from './radius.ts';
import { sessions } from './sessions.ts';
import { logs } from './logs.ts';
import { watches } from './watches.ts';
import { jobs, znodes } from './znodes.ts';

export const contract = {
  app,
  connections,
  znodes,
  jobs,
  watches,
  sessions,
  radius,
  cluster,
  ensembles,
  diagnosis,
  logs,
};
export type Contract = typeof contract;
