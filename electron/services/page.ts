/**
 * One page at the shell: a tab at the browser host, the window in Electron. Services are shared by all pages; what a page has
 * on screen is its own, and is forgotten when it goes.
 */
import type { Services } from './services.ts';

/** What the router's procedures get. */
export interface PageContext extends Services {
  /** Stands for the page that calls; aborted when its wire is gone. A page whose wire broke comes back as another one. */
  readonly page: AbortSignal;
}

/** `leave` must be called when the wire closes. */
export function joinPage(services: Services): { readonly context: PageContext; readonly leave: () => void } {
  const presence = new AbortController();
  return {
    context: { ...services, page: presence.signal },
    leave: () => presence.abort(),
  };
}
