/** What the admin surface may see of a server: the core, and the few facts that only its driver knows. */
import type { Now } from '../core/effects.ts';
import type { StandaloneServer } from '../core/standalone-server.ts';

export interface AdminView {
  readonly server: StandaloneServer;
  /** As the first line of `srvr` shows it. */
  readonly version: string;
  readonly clientPort: number;
  readonly rejectedConnections: number;
  readonly now: Now;
}
