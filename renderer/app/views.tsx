/**
 * Where features mount. Every view is a chunk of its own, loaded when it is first shown, so that the first paint
 * carries the frame only. Browse, Events, Sessions, Cluster and Diagnose are about the present connection and are rendered
 * only while there is one; each fills the content area and scrolls inside itself.
 */
import { type ComponentType, lazy } from 'react';
import type { ViewName } from './workspace.ts';

export const VIEWS: Readonly<Record<ViewName, ComponentType>> = {
  browse: lazy(async () => ({ default: (await import('../features/browse/browse-view.tsx')).BrowseView })),
  events: lazy(async () => ({ default: (await import('../features/events/events-view.tsx')).EventsView })),
  sessions: lazy(async () => ({
    default: (await import('../features/sessions/sessions-view.tsx')).SessionsView,
  })),
  cluster: lazy(async () => ({
    default: (await import('../features/cluster/cluster-view.tsx')).ClusterView,
  })),
  diagnose: lazy(async () => ({
    default: (await import('../features/diagnose/diagnose-view.tsx')).DiagnoseView,
  })),
  ensembles: lazy(async () => ({
    default: (await import('../features/ensembles/ensembles-view.tsx')).EnsemblesView,
  })),
  connections: lazy(async () => ({
    default: (await import('../features/connections/connections-view.tsx')).ConnectionsView,
  })),
  settings: lazy(async () => ({
    default: (await import('../features/settings/settings-view.tsx')).SettingsView,
  })),
};

/** Below the content, in every view of a connection but Events itself. */
export const EventsDock: ComponentType = lazy(async () => ({
  default: (await import('../features/events/events-dock.tsx')).EventsDock,
}));

/** Whether a view shows the present connection, and so needs one. */
export function isViewOfConnection(view: ViewName): boolean {
  return view !== 'ensembles' && view !== 'connections' && view !== 'settings';
}
