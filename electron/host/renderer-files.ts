/**
 * The page's files under dist/renderer, as both hosts serve them: which file a URL path means (never one outside the
 * folder), its type, how long it may be cached, and the headers that every response has.
 */
import { randomBytes } from 'node:crypto';
import { readFile, realpath } from 'node:fs/promises';
import path from 'node:path';
import { contentSecurityPolicy, withNonce } from './content-security-policy.ts';

export interface FileResponse {
  readonly status: 200 | 404;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
}

const TYPE_BY_ENDING: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.json': 'application/json',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.woff': 'font/woff',
  '.ttf': 'font/ttf',
  '.map': 'application/json',
  '.txt': 'text/plain; charset=utf-8',
};

export const SECURITY_HEADERS = {
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
} as const;

/**
 * The file's path inside the folder for a URL's path, `index.html` for '/'; undefined when it names none: bad escapes, a
 * segment that climbs, hidden files, a kind of file that a page has no use for. Pure.
 */
export function relativeFilePath(urlPath: string): string | undefined {
  let decoded: string;
  try {
    decoded = decodeURIComponent(urlPath);
  } catch {
    return undefined;
  }
  if (!decoded.startsWith('/') || /[\0\\:]/.test(decoded)) return undefined;
  const segments = decoded === '/' ? ['index.html'] : decoded.slice(1).split('/');
  if (segments.some((segment) => segment === '' || segment.startsWith('.'))) return undefined;
  const relative = segments.join('/');
  return path.posix.extname(relative) in TYPE_BY_ENDING ? relative : undefined;
}

export class RendererFiles {
  readonly #folder: string;
  readonly #connect: string;

  /** `connect` is the policy's connect-src: where the page may open its link to the shell. */
  constructor({ folder, connect }: { folder: string; connect: string }) {
    this.#folder = folder;
    this.#connect = connect;
  }

  async respond(urlPath: string): Promise<FileResponse> {
    const relative = relativeFilePath(urlPath);
    const bytes = relative === undefined ? undefined : await this.#read(relative);
    if (relative === undefined || bytes === undefined) return notFound();
    const type = TYPE_BY_ENDING[path.posix.extname(relative)] ?? 'application/octet-stream';
    const headers = { ...SECURITY_HEADERS, 'content-type': type };
    if (!relative.endsWith('.html')) {
      return { status: 200, headers: { ...headers, 'cache-control': cacheControl(relative) }, body: bytes };
    }
    const nonce = randomBytes(16).toString('base64');
    return {
      status: 200,
      headers: {
        ...headers,
        'cache-control': 'no-store',
        'content-security-policy': contentSecurityPolicy({ nonce, connect: this.#connect }),
      },
      body: Buffer.from(withNonce(new TextDecoder().decode(bytes), nonce)),
    };
  }

  /** Undefined when there is no such file, or a link leads out of the folder. */
  async #read(relative: string): Promise<Uint8Array | undefined> {
    try {
      const root = await realpath(this.#folder);
      const file = await realpath(path.join(root, relative));
      if (!file.startsWith(root + path.sep)) return undefined;
      return await readFile(file);
    } catch {
      return undefined;
    }
  }
}

/** Vite writes a hash of the content into the names below assets/. */
function cacheControl(relative: string): string {
  return relative.startsWith('assets/') ? 'private, max-age=31536000, immutable' : 'no-cache';
}

function notFound(): FileResponse {
  return {
    status: 404,
    headers: {
      ...SECURITY_HEADERS,
      'content-type': 'text/plain; charset=utf-8',
      'cache-control': 'no-store',
    },
    body: Buffer.from('Not found.\n'),
  };
}
