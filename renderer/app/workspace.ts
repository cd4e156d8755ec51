/**
 * The present workspace: which connection, which view, which path in each connection, and how to get back. Routing is
 * in memory: a place is not a URL, because a URL could not survive a restart of the shell with other connections.
 * View state only; what servers say lives in react-query.
 */
import { create } from 'zustand';
import type { Failure } from '../../shared/api/failure.ts';
import { client } from '../api/client.ts';
import { failureOf } from '../api/failure.ts';
import * as places from './places.ts';
import type { Place, Places, ViewName } from './places.ts';

export type { Place, ViewName };

interface WorkspaceState extends Places {
  /** Why a connection could not even begin to open, by connection; how connecting goes is in its status. */
  readonly openFailures: Readonly<Record<string, Failure>>;
  /** What the Sessions view is to show; null once it does. */
  readonly wantedSessionId: string | null;
  /** The same of the Diagnose view. */
  readonly wantedFindingId: string | null;
}

export const useWorkspace = create<WorkspaceState>(() => ({
  ...places.NO_PLACES,
  openFailures: {},
  wantedSessionId: null,
  wantedFindingId: null,
}));

/** Where the person is now. */
export function presentPlace(): Place {
  return places.presentPlace(useWorkspace.getState());
}

/** The selected path of the present connection; `/` where none was selected yet. */
export function useSelectedPath(): string {
  return useWorkspace((state) => places.pathOf(state, state.connectionId));
}

export function openView(view: ViewName): void {
  useWorkspace.setState((state) => places.goTo(state, { view }));
}

/** Shows a view of a connection that is open, whichever is shown now. */
export function openViewOf(connectionId: string, view: ViewName): void {
  useWorkspace.setState((state) =>
    places.goTo(state, { connectionId, view, path: places.pathOf(state, connectionId) }),
  );
}

/** Shows a session of the present connection in Sessions. */
export function openSession(sessionId: string): void {
  useWorkspace.setState((state) => ({
    ...places.goTo(state, { view: 'sessions' }),
    wantedSessionId: sessionId,
  }));
}

/** Sessions shows what {@link openSession} asked for. */
export function forgetWantedSession(): void {
  useWorkspace.setState({ wantedSessionId: null });
}

/** Shows a finding of the present connection in Diagnose. */
export function openFinding(findingId: string): void {
  useWorkspace.setState((state) => ({
    ...places.goTo(state, { view: 'diagnose' }),
    wantedFindingId: findingId,
  }));
}

/** Diagnose shows what {@link openFinding} asked for. */
export function forgetWantedFinding(): void {
  useWorkspace.setState({ wantedFindingId: null });
}

/** Selects a znode of the present connection and shows it in Browse. */
export function selectPath(path: string): void {
  useWorkspace.setState((state) => places.goTo(state, { view: 'browse', path }));
}

export function goBack(): void {
  useWorkspace.setState(places.goBack);
}

export function goForward(): void {
  useWorkspace.setState(places.goForward);
}

/** The connection is gone: leave it, and every place of the history in it. */
export function forgetConnection(connectionId: string): void {
  useWorkspace.setState((state) => places.forgetConnection(state, connectionId));
}

/** At the start: where the person was last, without connecting; the gate offers it, or it is still open. */
export function showLastConnection(connectionId: string): void {
  useWorkspace.setState({ connectionId });
}

/** Shows a connection where the person last was in it, and starts connecting if it is not open yet. */
export async function openConnection(connectionId: string): Promise<void> {
  useWorkspace.setState((state) =>
    places.goTo(state, { connectionId, view: 'browse', path: places.pathOf(state, connectionId) }),
  );
  await connect(connectionId);
}

/** Starts connecting without going there; the status stream tells how it goes. */
export async function connect(connectionId: string): Promise<void> {
  useWorkspace.setState(({ openFailures: { [connectionId]: _old, ...openFailures } }) => ({ openFailures }));
  try {
    await client.connections.open({ connectionId });
    await client.app.saveSettings({ lastConnectionId: connectionId });
  } catch (error) {
    const failure = failureOf(error);
    useWorkspace.setState(({ openFailures }) => ({
      openFailures: { ...openFailures, [connectionId]: failure },
    }));
  }
}

/**
 * Gives the session up and asks for a new one: a changed profile takes effect, and a server that has lost its data
 * (it refuses a client that has seen later zxids) lets us in again.
 */
export async function reconnect(connectionId: string): Promise<void> {
  await client.connections.close({ connectionId });
  await connect(connectionId);
}
