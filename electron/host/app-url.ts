/** The page's own address in Electron, and which addresses may be given to the system's browser. Pure. */
export const APP_SCHEME = 'zabra';
export const APP_ORIGIN = `${APP_SCHEME}://app`;

export function isAppUrl(url: string): boolean {
  const parsed = parseUrl(url);
  return parsed?.protocol === `${APP_SCHEME}:` && parsed.host === 'app';
}

/** Hosts that Zabra's own texts link to. */
const LINKED_HOSTS: ReadonlySet<string> = new Set(['zookeeper.apache.org', 'github.com']);

/** Only https, and only where our own texts point: data of a cluster must not be able to open anything. */
export function isOpenableUrl(url: string): boolean {
  const parsed = parseUrl(url);
  return parsed?.protocol === 'https:' && LINKED_HOSTS.has(parsed.host) && parsed.username === '';
}

function parseUrl(url: string): URL | undefined {
  return URL.canParse(url) ? new URL(url) : undefined;
}
