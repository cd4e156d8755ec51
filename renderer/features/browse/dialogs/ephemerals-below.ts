/**
 * How many ephemeral nodes a recursive delete would take along. ZooKeeper has no request for others' ephemerals; `dump`
 * lists them with their sessions, where a server tells it (features/sessions shows the same list). Pure.
 */
import type { SessionList } from '../../../../shared/api/sessions.ts';
import { isWithin, withChroot } from '../../../../shared/path.ts';

/** At and below `path` of a connection with this chroot. Null where no server told, which is not the same as none. */
export function ephemeralsBelow(
  list: Pick<SessionList, 'sessions'> | undefined,
  { path, chroot }: { path: string; chroot: string },
): number | null {
  if (list === undefined || list.sessions.every(({ ephemerals }) => ephemerals === null)) return null;
  // A list that is cut short may lack some of them.
  if (list.sessions.some((each) => (each.ephemerals?.length ?? 0) < (each.ephemeralCount ?? 0))) return null;
  // `dump` knows nothing of chroots.
  const ancestor = withChroot({ chroot, path });
  const owned = list.sessions.flatMap(({ ephemerals }) => ephemerals ?? []);
  return owned.filter((node) => isWithin({ path: node, ancestor })).length;
}
