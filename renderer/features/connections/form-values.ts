/**
 * What stands in the connection form, and what is wrong with it. Pure: the shell checks again (zod, the client's own
 * parser of connection strings); these rules only say it earlier, beside the field.
 */
import {
  type ConnectionProfile,
  PROFILE_DEFAULTS,
  type ProfileDraft,
} from '../../../shared/api/connections.ts';
import { isValidPath } from '../../../shared/path.ts';
import type { MessageKey } from '../../i18n/i18n.ts';

/** A form is flat: the user stays typed when a person looks at "none" and comes back. */
export interface FormValues {
  readonly name: string;
  readonly color: ProfileDraft['color'];
  readonly environment: ProfileDraft['environment'];
  readonly servers: string;
  readonly chroot: string;
  readonly authKind: ProfileDraft['auth']['kind'];
  readonly user: string;
  /** Null while the person has not touched it: what is stored stays. */
  readonly password: string | null;
  readonly sessionTimeoutMs: number;
  readonly connectTimeoutMs: number;
  readonly isReadOnly: boolean;
  readonly frameBytesMax: number;
  /** Null where the field is empty. */
  readonly adminPort: number | null;
}

export type Field = keyof FormValues;
export type Problems = Partial<Record<Field, MessageKey>>;

export const NEW_VALUES: FormValues = {
  name: '',
  color: PROFILE_DEFAULTS.color,
  environment: PROFILE_DEFAULTS.environment,
  servers: '',
  chroot: PROFILE_DEFAULTS.chroot,
  authKind: PROFILE_DEFAULTS.auth.kind,
  user: '',
  password: null,
  sessionTimeoutMs: PROFILE_DEFAULTS.sessionTimeoutMs,
  connectTimeoutMs: PROFILE_DEFAULTS.connectTimeoutMs,
  isReadOnly: PROFILE_DEFAULTS.isReadOnly,
  frameBytesMax: PROFILE_DEFAULTS.frameBytesMax,
  adminPort: PROFILE_DEFAULTS.adminPort,
};

export function valuesOf(profile: ConnectionProfile): FormValues {
  return {
    name: profile.name,
    color: profile.color,
    environment: profile.environment,
    servers: profile.servers,
    chroot: profile.chroot,
    authKind: profile.auth.kind,
    user: profile.auth.kind === 'digest' ? profile.auth.user : '',
    password: null,
    sessionTimeoutMs: profile.sessionTimeoutMs,
    connectTimeoutMs: profile.connectTimeoutMs,
    isReadOnly: profile.isReadOnly,
    frameBytesMax: profile.frameBytesMax,
    adminPort: profile.adminPort,
  };
}

export function draftOf(values: FormValues): ProfileDraft {
  const {
    name,
    color,
    environment,
    sessionTimeoutMs,
    connectTimeoutMs,
    isReadOnly,
    frameBytesMax,
    adminPort,
  } = values;
  return {
    name: name.trim(),
    color,
    environment,
    servers: tidyServers(values.servers),
    chroot: values.chroot.trim() === '/' ? '' : values.chroot.trim(),
    auth: values.authKind === 'digest' ? { kind: 'digest', user: values.user } : { kind: 'none' },
    sessionTimeoutMs,
    connectTimeoutMs,
    isReadOnly,
    frameBytesMax,
    adminPort,
  };
}

/** How many fields differ from what is saved. User and password count only while they would be used. */
export function countChanges(values: FormValues, saved: FormValues): number {
  const fields = Object.keys(values) as Field[];
  return fields.filter((field) => {
    if ((field === 'user' || field === 'password') && values.authKind === 'none') return false;
    return values[field] !== saved[field];
  }).length;
}

/** What a test depends on; a name or a colour may change after it. */
const TESTED_FIELDS = [
  'servers',
  'chroot',
  'authKind',
  'user',
  'password',
  'sessionTimeoutMs',
  'connectTimeoutMs',
  'frameBytesMax',
] as const satisfies readonly Field[];

/** Whether a test of `tested` says nothing about `values` any more. */
export function isTestOutdated(tested: FormValues, values: FormValues): boolean {
  return TESTED_FIELDS.some((field) => tested[field] !== values[field]);
}

/** What is wrong, by field; empty when the form can be saved. `otherNames` are those of the other connections. */
export function findProblems(values: FormValues, otherNames: readonly string[]): Problems {
  const problems: Problems = {};
  const name = values.name.trim();
  if (name === '') problems.name = 'connections:problem.nameMissing';
  else if (otherNames.includes(name)) problems.name = 'connections:problem.nameTaken';
  const servers = serversProblem(values.servers);
  if (servers) problems.servers = servers;
  const chroot = values.chroot.trim();
  if (chroot !== '' && !isValidPath(chroot)) problems.chroot = 'connections:problem.chrootPath';
  if (values.authKind === 'digest') {
    if (values.user === '') problems.user = 'connections:problem.userMissing';
    else if (values.user.includes(':')) problems.user = 'connections:problem.userColon';
  }
  if (!isWithin(values.sessionTimeoutMs, 100, 86_400_000)) {
    problems.sessionTimeoutMs = 'connections:problem.sessionTimeout';
  }
  if (!isWithin(values.connectTimeoutMs, 100, 600_000)) {
    problems.connectTimeoutMs = 'connections:problem.connectTimeout';
  }
  if (!isWithin(values.frameBytesMax, 1024, 1_073_741_823)) {
    problems.frameBytesMax = 'connections:problem.frameMax';
  }
  if (values.adminPort !== null && !isWithin(values.adminPort, 1, 65_535)) {
    problems.adminPort = 'connections:problem.adminPort';
  }
  return problems;
}

function isWithin(value: number, min: number, max: number): boolean {
  return Number.isInteger(value) && value >= min && value <= max;
}

function serversProblem(servers: string): MessageKey | null {
  const entries = tidyServers(servers).split(',');
  if (entries.every((entry) => entry === '')) return 'connections:problem.serversMissing';
  if (entries.some((entry) => /\s/.test(entry))) return 'connections:problem.serversSpace';
  const hasBadPort = entries.some((entry) => {
    const port = /:(?<port>[^:\]]*)$/.exec(entry)?.groups?.['port'];
    if (port === undefined) return false;
    return !/^\d{1,5}$/.test(port) || Number(port) < 1 || Number(port) > 65_535;
  });
  return hasBadPort ? 'connections:problem.serversPort' : null;
}

/** Line ends count as commas, empty entries go: a list may be pasted one server a line. */
function tidyServers(servers: string): string {
  return servers
    .split(/[,\n]/)
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
    .join(',');
}

/** `zk-1:2181,zk-2:2181/orders` → servers and chroot. A string without a slash has no chroot. */
export function splitConnectionString(text: string): { servers: string; chroot: string } {
  const slash = text.indexOf('/');
  if (slash === -1) return { servers: text.trim(), chroot: '' };
  const chroot = text.slice(slash).trim();
  return { servers: text.slice(0, slash).trim(), chroot: chroot === '/' ? '' : chroot };
}

/** A name for a connection that has none: its first host, and the chroot where there is one. */
export function suggestName(
  values: Pick<FormValues, 'servers' | 'chroot'>,
  otherNames: readonly string[],
): string {
  const [first = ''] = tidyServers(values.servers).split(',');
  const host = first.replace(/:\d*$/, '').replace(/^\[(.*)\]$/, '$1');
  const base = `${host}${values.chroot}`.slice(0, 90);
  let name = base;
  for (let count = 2; otherNames.includes(name); count += 1) name = `${base} ${count}`;
  return name;
}
