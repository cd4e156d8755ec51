/** All incidents, by name. */
import { BEGUN_INCIDENTS } from './begun-incidents.ts';
import { CALM } from './calm.ts';
import { DATA_INCIDENTS } from './data-incidents.ts';
import type { Incident } from './incident.ts';
import { LEADER_INCIDENTS } from './leader-incidents.ts';
import { SERVER_INCIDENTS } from './server-incidents.ts';
import { SESSION_INCIDENTS } from './session-incidents.ts';

export const INCIDENTS: readonly Incident[] = [
  ...LEADER_INCIDENTS,
  ...SERVER_INCIDENTS,
  ...SESSION_INCIDENTS,
  ...DATA_INCIDENTS,
  ...BEGUN_INCIDENTS,
  ...CALM,
];
