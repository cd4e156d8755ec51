/** A database before anything happened, by the options that shape one. */
import type { ServerConfig } from './config.ts';
import { DataTree } from './data-tree.ts';
import { Database } from './database.ts';

export function freshDatabase(config: ServerConfig): Database {
  const tree = new DataTree({
    extendedTypesEnabled: config.extendedTypesEnabled,
    isDigestEnabled: config.digestEnabled,
  });
  return new Database(tree);
}
