/** All texts of one language, by namespace. */
import { browse } from './browse.ts';
import { cluster } from './cluster.ts';
import { common } from './common.ts';
import { connections } from './connections.ts';
import { diagnose } from './diagnose.ts';
import { election } from './election.ts';
import { ensembles } from './ensembles.ts';
import { events } from './events.ts';
import { failures } from './failures.ts';
import { radius } from './radius.ts';
import { sessions } from './sessions.ts';
import { settings } from './settings.ts';

export const locale = {
  common,
  connections,
  failures,
  settings,
  browse,
  events,
  radius,
  sessions,
  cluster,
  diagnose,
  ensembles,
  election,
};
