/**
 * The levers of an ensemble over HTTP, for scripts:
 *
 *   GET  /servers                                       who is there, in which state
 *   POST /servers/add?role=participant|observer         a server more, by reconfiguration
 *   POST /servers/{sid}/remove                          a server less, by reconfiguration
 *   POST /servers/{sid}/start|stop|kill|pause|resume|wipe
 *   POST /links/{a}-{b}/cut|heal                        the link between two servers, both ways
 *   POST /links/{a}-{b}/delay?ms=N
 *   POST /links/{a}-{b}/throttle?bytesPerSecond=N
 *   POST /disks/{sid}/slow?ms=N|full|heal               every fsync takes longer; writes fail with ENOSPC
 *   POST /clocks/{sid}/skew?ms=N|heal                   the wall clock; N may be negative
 *
 * Every answer is JSON and comes when the thing is done: the servers concerned, or `{ "error": "a sentence" }`. It listens
 * on loopback only, and refuses what a page in a browser sends: another site's request names its origin, and one
 * that reached here through a name of its own names that as host.
 */
import http from 'node:http';
import { once } from 'node:events';

import { assertNever } from '../../shared/assert.ts';
import { zxidToHex } from '../../shared/zxid.ts';
import { FaultError, type FaultErrorCode } from './fault-error.ts';
import type { Ensemble } from './running-ensemble.ts';
import { StartError } from './start-error.ts';
import type { ServerStatus } from './supervised-server.ts';

const HOST = '127.0.0.1';

export interface FaultApi {
  readonly port: number;
  close(): Promise<void>;
}

/** Throws StartError when the port cannot be opened. */
export async function openFaultApi(ensemble: Ensemble, port: number): Promise<FaultApi> {
  const hosts = new Set([`${HOST}:${port}`, `localhost:${port}`]);
  const server = http.createServer((request, response) => {
    // Nothing here takes a body.
    request.resume();
    void respond(ensemble, hosts, request).then(({ status, body, headers }) => {
      response.writeHead(status, {
        'content-type': 'application/json',
        'x-content-type-options': 'nosniff',
        ...headers,
      });
      response.end(`${JSON.stringify(body)}\n`);
    });
  });
  server.listen({ port, host: HOST });
  try {
    await once(server, 'listening');
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new StartError(`the fault API cannot listen on ${HOST}:${port}: ${reason}`, { cause: error });
  }
  return {
    port,
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

interface Answer {
  readonly status: number;
  readonly body: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function respond(
  ensemble: Ensemble,
  hosts: ReadonlySet<string>,
  { headers, method, url = '/' }: http.IncomingMessage,
): Promise<Answer> {
  if (!hosts.has(headers.host ?? '') || headers.origin !== undefined) {
    return failure(403, `only programs on this machine may ask, by the address ${[...hosts].join(' or ')}`);
  }
  const action = findAction(ensemble, new URL(url, `http://${HOST}`));
  if (action === undefined) return failure(404, `there is nothing at ${url}`);
  if (method !== action.method) {
    return { ...failure(405, `${url} takes ${action.method}`), headers: { allow: action.method } };
  }
  try {
    return { status: 200, body: await action.run() };
  } catch (error) {
    if (error instanceof FaultError) return failure(statusOf(error.code), error.message);
    return failure(500, error instanceof Error ? error.message : String(error));
  }
}

function failure(status: number, error: string): Answer {
  return { status, body: { error } };
}

function statusOf(code: FaultErrorCode): number {
  switch (code) {
    case 'NO_SUCH_SERVER':
    case 'NO_SUCH_LINK':
      return 404;
    case 'BAD_VALUE':
      return 400;
    case 'WRONG_STATE':
      return 409;
    case 'NOT_SUPPORTED':
      return 501;
    default:
      return assertNever(code);
  }
}

interface Action {
  readonly method: 'GET' | 'POST';
  readonly run: () => Promise<unknown>;
}

function findAction(ensemble: Ensemble, { pathname, searchParams }: URL): Action | undefined {
  if (pathname === '/servers') return { method: 'GET', run: () => allServers(ensemble) };
  const [, room, subject = '', lever = '', ...rest] = pathname.split('/');
  if (rest.length > 0) return undefined;
  const run = chooseLever(ensemble, { room, subject, lever, searchParams });
  return run === undefined ? undefined : { method: 'POST', run };
}

interface Lever {
  readonly room: string | undefined;
  readonly subject: string;
  readonly lever: string;
  readonly searchParams: URLSearchParams;
}

function chooseLever(
  ensemble: Ensemble,
  { room, subject, lever, searchParams }: Lever,
): (() => Promise<unknown>) | undefined {
  switch (room) {
    case 'servers':
      if (subject === 'add' && lever === '') return () => addServer(ensemble, searchParams);
      return /^\d{1,3}$/.test(subject) ? serverLever(ensemble, Number(subject), lever) : undefined;
    case 'links': {
      const ends = /^(\d{1,3})-(\d{1,3})$/.exec(subject);
      if (ends === null) return undefined;
      return linkLever(ensemble, { a: Number(ends[1]), b: Number(ends[2]) }, { lever, searchParams });
    }
    case 'disks':
    case 'clocks':
      if (!/^\d{1,3}$/.test(subject)) return undefined;
      return conditionLever(ensemble, Number(subject), `${room}/${lever}`, searchParams);
    default:
      return undefined;
  }
}

async function addServer(ensemble: Ensemble, searchParams: URLSearchParams): Promise<unknown> {
  const role = searchParams.get('role');
  if (role !== 'participant' && role !== 'observer') {
    throw new FaultError('BAD_VALUE', 'a role is needed: ?role=participant or ?role=observer');
  }
  const { sid } = await ensemble.addServer({ role });
  return toJson(await ensemble.statusOf(sid));
}

function serverLever(ensemble: Ensemble, sid: number, lever: string): (() => Promise<unknown>) | undefined {
  const done = async (work: Promise<void>): Promise<unknown> => {
    await work;
    return toJson(await ensemble.statusOf(sid));
  };
  switch (lever) {
    case 'start':
      return () => done(ensemble.startServer(sid));
    case 'stop':
      return () => done(ensemble.stop(sid));
    case 'kill':
      return () => done(ensemble.kill(sid));
    case 'pause':
      return () => done(ensemble.pause(sid));
    case 'resume':
      return () => done(ensemble.resume(sid));
    case 'wipe':
      return () => done(ensemble.wipe(sid));
    case 'remove':
      return async () => {
        await ensemble.removeServer(sid);
        return allServers(ensemble);
      };
    default:
      return undefined;
  }
}

function conditionLever(
  ensemble: Ensemble,
  sid: number,
  lever: string,
  searchParams: URLSearchParams,
): (() => Promise<unknown>) | undefined {
  const doing = (work: () => Promise<void>) => async (): Promise<unknown> => {
    await work();
    return toJson(await ensemble.statusOf(sid));
  };
  switch (lever) {
    case 'disks/slow':
      return doing(async () => ensemble.slowDisk(sid, wholeNumber(searchParams, 'ms')));
    case 'disks/full':
      return doing(async () => ensemble.fillDisk(sid));
    case 'disks/heal':
      return doing(async () => ensemble.healDisk(sid));
    case 'clocks/skew':
      return doing(async () => ensemble.skewClock(sid, signedNumber(searchParams, 'ms')));
    case 'clocks/heal':
      return doing(async () => ensemble.healClock(sid));
    default:
      return undefined;
  }
}

function linkLever(
  ensemble: Ensemble,
  ends: { readonly a: number; readonly b: number },
  { lever, searchParams }: Pick<Lever, 'lever' | 'searchParams'>,
): (() => Promise<unknown>) | undefined {
  const done = async (): Promise<unknown> => [
    toJson(await ensemble.statusOf(ends.a)),
    toJson(await ensemble.statusOf(ends.b)),
  ];
  switch (lever) {
    case 'cut':
      return async () => {
        ensemble.cut(ends);
        return done();
      };
    case 'heal':
      return async () => {
        ensemble.heal(ends);
        return done();
      };
    case 'delay':
      return async () => {
        ensemble.delay(ends, wholeNumber(searchParams, 'ms'));
        return done();
      };
    case 'throttle':
      return async () => {
        ensemble.throttle(ends, wholeNumber(searchParams, 'bytesPerSecond'));
        return done();
      };
    default:
      return undefined;
  }
}

function wholeNumber(searchParams: URLSearchParams, name: string): number {
  const text = searchParams.get(name) ?? '';
  if (!/^\d{1,12}$/.test(text)) throw new FaultError('BAD_VALUE', `a whole number is needed: ?${name}=N`);
  return Number(text);
}

/** As {@link wholeNumber}, below zero too. */
function signedNumber(searchParams: URLSearchParams, name: string): number {
  const text = searchParams.get(name) ?? '';
  if (!/^[-+ ]?\d{1,12}$/.test(text)) throw new FaultError('BAD_VALUE', `a number is needed: ?${name}=N`);
  return Number(text);
}

async function allServers(ensemble: Ensemble): Promise<unknown> {
  return (await ensemble.status()).map(toJson);
}

function toJson(status: ServerStatus): unknown {
  return { ...status, zxid: status.zxid === null ? null : zxidToHex(status.zxid) };
}
