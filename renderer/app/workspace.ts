/**
 * Where the person is: which connection, which view, which path in each connection, and how to get back. Routing is
 * in memory: a place is not a URL, because a URL could not survive a restart of the shell with other connections.
 * View state only; what servers say lives in react-query.
 */
import { create } from 'zustand';
import type { Failure } from '../../shared/api/failure.ts';
import { client } from '../api/client.ts';
import { failureOf } from '../api/failure.ts';

export type ViewName = 'browse' | 'events' | 'sessions' | 'cluster' | 'connections' | 'settings';

/** One stop of the history. */
export interface Place {
  readonly connectionId: string | null;
  readonly view: ViewName;
  /** The path that was selected in this connection. */
  readonly path: string;
}

interface WorkspaceState {
  readonly connectionId: string | null;
  readonly view: ViewName;
  readonly selectedPaths: Readonly<Record<string, string>>;
  readonly back: readonly Place[];
  readonly forward: readonly Place[];
  /** Why a connection could not even begin to open, by connection; how connecting goes is in its status. */
  readonly openFailures: Readonly<Record<string, Failure>>;
}

const HISTORY_MAX = 200;
const ROOT = '/';

export const useWorkspace = create<WorkspaceState>(() => ({
  connectionId: null,
  view: 'browse',
  selectedPaths: {},
  back: [],
  forward: [],
  openFailures: {},
}));

/** Where the person is now. */
export function presentPlace(state: WorkspaceState = useWorkspace.getState()): Place {
  const { connectionId, view } = state;
  return { connectionId, view, path: pathOf(state, connectionId) };
}

function pathOf(state: WorkspaceState, connectionId: string | null): string {
  return (connectionId === null ? undefined : state.selectedPaths[connectionId]) ?? ROOT;
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.connectionId === b.connectionId && a.view === b.view && a.path === b.path;
}

/** The state at `place`, without touching the history. */
function stateAt(state: WorkspaceState, { connectionId, view, path }: Place): Partial<WorkspaceState> {
  return {
    connectionId,
    view,
    selectedPaths:
      connectionId === null ? state.selectedPaths : { ...state.selectedPaths, [connectionId]: path },
  };
}

function goTo(change: Partial<Place>): void {
  useWorkspace.setState((state) => {
    const here = presentPlace(state);
    const there = { ...here, ...change };
    if (isSamePlace(here, there)) return state;
    return {
      ...stateAt(state, there),
      back: [...state.back, here].slice(-HISTORY_MAX),
      forward: [],
    };
  });
}

export function openView(view: ViewName): void {
  goTo({ view });
}

/** Selects a znode of the present connection and shows it in Browse. */
export function selectPath(path: string): void {
  goTo({ view: 'browse', path });
}

/** Shows a connection where the person last was in it, and starts connecting if it is not open yet. */
export async function openConnection(connectionId: string): Promise<void> {
  goTo({ connectionId, view: 'browse', path: pathOf(useWorkspace.getState(), connectionId) });
  await connect(connectionId);
}

/** At the start: where the person was last, without connecting; the gate offers it, or it is still open. */
export function showLastConnection(connectionId: string): void {
  useWorkspace.setState({ connectionId });
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

/** The connection is gone: leave it, and every place of the history in it. */
export function forgetConnection(connectionId: string): void {
  useWorkspace.setState((state) => {
    const stays = (place: Place): boolean => place.connectionId !== connectionId;
    const { [connectionId]: _forgotten, ...selectedPaths } = state.selectedPaths;
    return {
      connectionId: state.connectionId === connectionId ? null : state.connectionId,
      selectedPaths,
      back: state.back.filter(stays),
      forward: state.forward.filter(stays),
    };
  });
}

export function goBack(): void {
  useWorkspace.setState((state) => {
    const place = state.back.at(-1);
    if (!place) return state;
    return {
      ...stateAt(state, place),
      back: state.back.slice(0, -1),
      forward: [presentPlace(state), ...state.forward],
    };
  });
}

export function goForward(): void {
  useWorkspace.setState((state) => {
    const [place, ...forward] = state.forward;
    if (!place) return state;
    return { ...stateAt(state, place), back: [...state.back, presentPlace(state)], forward };
  });
}

/** The selected path of the present connection; `/` where none was selected yet. */
export function useSelectedPath(): string {
  return useWorkspace((state) => pathOf(state, state.connectionId));
}
