/**
 * Rules of znode paths (ZooKeeper's PathUtils.validatePath, PROTOCOL.md 2.13) and the small path arithmetic that
 * client, server and renderer share.
 */
import { ProtocolError } from './errors.ts';

export type PathProblem =
  | 'EMPTY'
  | 'NOT_ABSOLUTE'
  | 'TRAILING_SLASH'
  | 'EMPTY_SEGMENT'
  | 'RELATIVE_SEGMENT'
  | 'NUL'
  | 'BAD_CHARACTER';

/** What is wrong with `path`, or undefined when it is a valid znode path. */
export function findPathProblem(path: string): PathProblem | undefined {
  if (path.length === 0) return 'EMPTY';
  if (path.charCodeAt(0) !== 0x2f) return 'NOT_ABSOLUTE';
  if (path.length === 1) return undefined;
  if (path.charCodeAt(path.length - 1) === 0x2f) return 'TRAILING_SLASH';
  let segmentStart = 1;
  for (let at = 1; at <= path.length; at++) {
    const unit = at === path.length ? 0x2f : path.charCodeAt(at);
    if (unit === 0x2f) {
      if (at === segmentStart) return 'EMPTY_SEGMENT';
      const isDot = at - segmentStart === 1 && path.charCodeAt(segmentStart) === 0x2e;
      const isDotDot = at - segmentStart === 2 && path.startsWith('..', segmentStart);
      if (isDot || isDotDot) return 'RELATIVE_SEGMENT';
      segmentStart = at + 1;
    } else if (unit === 0) {
      return 'NUL';
    } else if (isForbiddenUnit(unit)) {
      return 'BAD_CHARACTER';
    }
  }
  return undefined;
}

function isForbiddenUnit(unit: number): boolean {
  return (
    unit <= 0x1f ||
    (unit >= 0x7f && unit <= 0x9f) ||
    (unit >= 0xd800 && unit <= 0xf8ff) ||
    (unit >= 0xfff0 && unit <= 0xffff)
  );
}

export function isValidPath(path: string): boolean {
  return findPathProblem(path) === undefined;
}

/** Throws ProtocolError BAD_PATH, naming the rule, unless `path` is valid. */
export function requireValidPath(path: string): void {
  const problem = findPathProblem(path);
  if (problem !== undefined) {
    throw new ProtocolError('BAD_PATH', `invalid path ${JSON.stringify(path)}: ${problem}`, { path });
  }
}

/** The parent's path; '/' for a child of the root. Demands a valid path other than '/'. */
export function parentPath(path: string): string {
  const slash = path.lastIndexOf('/');
  return slash <= 0 ? '/' : path.slice(0, slash);
}

/** The last segment; '' for '/'. */
export function baseName(path: string): string {
  return path.slice(path.lastIndexOf('/') + 1);
}

export function joinPath(parent: string, name: string): string {
  return parent === '/' ? `/${name}` : `${parent}/${name}`;
}

/** Whether `path` is `ancestor` itself or lies below it. */
export function isWithin({ path, ancestor }: { path: string; ancestor: string }): boolean {
  if (ancestor === '/') return path.startsWith('/');
  return path === ancestor || (path.startsWith(ancestor) && path.charCodeAt(ancestor.length) === 0x2f);
}

/** `/a/b/c` gives `/`, `/a`, `/a/b`: every proper ancestor, the root first. '/' has none. */
export function ancestorsOf(path: string): string[] {
  if (path === '/') return [];
  const ancestors = ['/'];
  for (let at = path.indexOf('/', 1); at !== -1; at = path.indexOf('/', at + 1)) {
    ancestors.push(path.slice(0, at));
  }
  return ancestors;
}

/** `%010d` of Java: at least ten digits, sign in front, as the server appends it to sequential nodes. */
export function formatSequence(counter: number): string {
  const digits = String(Math.abs(counter));
  return counter < 0 ? `-${digits.padStart(9, '0')}` : digits.padStart(10, '0');
}

const SEQUENCE_SUFFIX = /\d{10}$/;

/**
 * The ten-digit sequence suffix of a node's name, or undefined when there is none. The server does not record that a node was
 * created as sequential, so a name that merely looks so counts as well.
 */
export function sequenceSuffix(name: string): string | undefined {
  return SEQUENCE_SUFFIX.exec(name)?.[0];
}

/**
 * Applies a chroot: `/kafka` + `/a` is `/kafka/a`; the root itself is the chroot. '' stands for no chroot.
 */
export function withChroot({ chroot, path }: { chroot: string; path: string }): string {
  if (chroot === '') return path;
  return path === '/' ? chroot : chroot + path;
}

/** Undoes {@link withChroot}; undefined when `path` lies outside the chroot. */
export function withoutChroot({ chroot, path }: { chroot: string; path: string }): string | undefined {
  if (chroot === '') return path;
  if (path === chroot) return '/';
  return isWithin({ path, ancestor: chroot }) ? path.slice(chroot.length) : undefined;
}
