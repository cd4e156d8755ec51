/**
 * Where a person is and how to get back: a history of places, and the selected path of every connection. Pure;
 * workspace.ts holds the present state.
 */
export type ViewName =
  'browse' | 'events' | 'sessions' | 'cluster' | 'diagnose' | 'ensembles' | 'connections' | 'settings';

/** One stop of the history. */
export interface Place {
  readonly connectionId: string | null;
  readonly view: ViewName;
  /** The path that was selected in this connection. */
  readonly path: string;
}

export interface Places {
  readonly connectionId: string | null;
  readonly view: ViewName;
  readonly selectedPaths: Readonly<Record<string, string>>;
  readonly back: readonly Place[];
  readonly forward: readonly Place[];
}

const HISTORY_MAX = 200;
const ROOT = '/';

export const NO_PLACES: Places = {
  connectionId: null,
  view: 'browse',
  selectedPaths: {},
  back: [],
  forward: [],
};

/** The path selected in a connection; `/` where none was yet. */
export function pathOf(places: Pick<Places, 'selectedPaths'>, connectionId: string | null): string {
  return (connectionId === null ? undefined : places.selectedPaths[connectionId]) ?? ROOT;
}

/** Where the person is now. */
export function presentPlace(places: Places): Place {
  const { connectionId, view } = places;
  return { connectionId, view, path: pathOf(places, connectionId) };
}

function isSamePlace(a: Place, b: Place): boolean {
  return a.connectionId === b.connectionId && a.view === b.view && a.path === b.path;
}

/** At `place`, without touching the history. */
function at(places: Places, { connectionId, view, path }: Place): Places {
  const { selectedPaths } = places;
  return {
    ...places,
    connectionId,
    view,
    selectedPaths: connectionId === null ? selectedPaths : { ...selectedPaths, [connectionId]: path },
  };
}

/** A new place ends the way forward; going where one is already is no step. */
export function goTo(places: Places, change: Partial<Place>): Places {
  const here = presentPlace(places);
  const there = { ...here, ...change };
  if (isSamePlace(here, there)) return places;
  return { ...at(places, there), back: [...places.back, here].slice(-HISTORY_MAX), forward: [] };
}

export function goBack(places: Places): Places {
  const place = places.back.at(-1);
  if (!place) return places;
  return {
    ...at(places, place),
    back: places.back.slice(0, -1),
    forward: [presentPlace(places), ...places.forward],
  };
}

export function goForward(places: Places): Places {
  const [place, ...forward] = places.forward;
  if (!place) return places;
  return { ...at(places, place), back: [...places.back, presentPlace(places)], forward };
}

/** A connection is gone: leave it, and every place of the history in it. */
export function forgetConnection(places: Places, connectionId: string): Places {
  const stays = (place: Place): boolean => place.connectionId !== connectionId;
  const { [connectionId]: _forgotten, ...selectedPaths } = places.selectedPaths;
  return {
    ...places,
    connectionId: places.connectionId === connectionId ? null : places.connectionId,
    selectedPaths,
    back: places.back.filter(stays),
    forward: places.forward.filter(stays),
  };
}
