/** What a person fills in to create an ensemble, checked before anything is started, with hints on what will be regretted. Pure. */
import {
  ENSEMBLE_SERVERS_MAX,
  type EngineName,
  type EnsembleRequest,
} from '../../../shared/api/ensembles.ts';

export interface CreateForm {
  readonly name: string;
  readonly servers: number;
  readonly observers: number;
  readonly engine: EngineName;
  /** '' for a free one. */
  readonly clientPort: string;
  /** Lines of `key=value`. */
  readonly config: string;
  readonly apacheHome: string;
}

export const NEW_FORM: CreateForm = {
  name: '',
  servers: 3,
  observers: 0,
  engine: 'builtin',
  clientPort: '',
  config: '',
  apacheHome: '',
};

export type FieldProblem = 'too-many' | 'bad-port' | 'bad-config';
export type FieldProblems = Partial<Record<'servers' | 'clientPort' | 'config', FieldProblem>>;

const PORT_MAX = 65_535;

export function findProblems(form: CreateForm): FieldProblems {
  const count = form.servers + form.observers;
  const port = form.clientPort.trim();
  const isPort = /^\d{1,5}$/.test(port) && Number(port) >= 1 && Number(port) + count - 1 <= PORT_MAX;
  return {
    ...(count > ENSEMBLE_SERVERS_MAX ? { servers: 'too-many' } : {}),
    ...(port !== '' && !isPort ? { clientPort: 'bad-port' } : {}),
    ...(parseConfig(form.config) === undefined ? { config: 'bad-config' } : {}),
  };
}

export type Hint = 'one' | 'even' | 'memory' | 'no-java';

/** About what one server takes, as measured after a start and some use. */
const SERVER_BYTES: Readonly<Record<EngineName, number>> = {
  builtin: 90 * 1024 * 1024,
  apache: 350 * 1024 * 1024,
};

export function hintsOn(
  form: CreateForm,
  machine: { readonly memoryFreeBytes: number; readonly apacheProblem: string | null },
): readonly Hint[] {
  const { servers, observers, engine, apacheHome } = form;
  const bytes = (servers + observers) * SERVER_BYTES[engine];
  return [
    ...(servers === 1 && observers === 0 ? (['one'] as const) : []),
    ...(servers % 2 === 0 ? (['even'] as const) : []),
    ...(bytes > machine.memoryFreeBytes ? (['memory'] as const) : []),
    ...(engine === 'apache' && machine.apacheProblem !== null && apacheHome.trim() === ''
      ? (['no-java'] as const)
      : []),
  ];
}

/** Undefined for a line that is no `key=value`. Empty lines and comments are skipped, as zoo.cfg does. */
export function parseConfig(text: string): Record<string, string> | undefined {
  const config: Record<string, string> = {};
  for (const line of text.split('\n').map((one) => one.trim())) {
    if (line === '' || line.startsWith('#')) continue;
    const at = line.indexOf('=');
    if (at <= 0) return undefined;
    config[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return config;
}

/** Demands a form without problems. */
export function requestOf(form: CreateForm): EnsembleRequest {
  const name = form.name.trim();
  const home = form.apacheHome.trim();
  return {
    ...(name === '' ? {} : { name }),
    servers: form.servers,
    observers: form.observers,
    engine: form.engine,
    ...(form.clientPort.trim() === '' ? {} : { clientPort: Number(form.clientPort) }),
    config: parseConfig(form.config) ?? {},
    ...(form.engine === 'apache' && home !== '' ? { apacheHome: home } : {}),
  };
}
