/** What would vanish with a session, and who has next what only it held. Pure. */
import { type EndPreview, PREVIEWED_MAX } from '../../../shared/api/sessions.ts';
import { type ServerSessions, ownedPaths, recipesOf } from './join-sessions.ts';

export function previewEnd(
  servers: readonly ServerSessions[],
  { sessionId, chroot }: { sessionId: string; chroot: string },
): EndPreview {
  const owned = ownedPaths(servers, chroot);
  const all = ownedPaths(servers, '')?.get(sessionId) ?? [];
  const within = owned?.get(sessionId) ?? [];
  return {
    isListed: servers.some(({ cons, dump }) => {
      const isConnected = cons?.some(({ session }) => session?.sessionId === sessionId) === true;
      return isConnected || dump?.sessions.has(sessionId) === true;
    }),
    ephemerals: owned === undefined ? null : within.slice(0, PREVIEWED_MAX),
    ephemeralCount: owned === undefined ? null : all.length,
    outsideCount: all.length - within.length,
    passages: recipesOf(owned).passagesOf(sessionId).slice(0, PREVIEWED_MAX),
  };
}
