/** How a server's version is shown: `3.8.0` of whatever build text follows, and whether it is Zabra's own server. */

export interface ServerVersion {
  readonly number: string;
  readonly isBuiltin: boolean;
}

export function readServerVersion(version: string): ServerVersion {
  return { number: /^[\d.]+/.exec(version)?.[0] ?? version, isBuiltin: version.includes('-zabra') };
}
