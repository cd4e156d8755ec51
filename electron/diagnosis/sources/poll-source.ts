/** Asks one server by four-letter words, fewer than two a second and one at a time; which one is next its schedule knows. */
import { setTimeout as delay } from 'node:timers/promises';

import { assertNever } from '../../../shared/assert.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import { parseConf } from '../../services/cluster/four-letter-words/conf.ts';
import { parseCons } from '../../services/cluster/four-letter-words/cons.ts';
import { parseDump } from '../../services/cluster/four-letter-words/dump.ts';
import { parseMntr } from '../../services/cluster/four-letter-words/mntr.ts';
import { parseSrvr } from '../../services/cluster/four-letter-words/srvr.ts';
import type { Observation, PollAnswer } from '../observation.ts';
import { type PortAnswer, askPort } from './client-port.ts';
import { type PolledWord, PollSchedule } from './poll-schedule.ts';

export interface PollOptions {
  readonly server: HostPort;
  readonly now: () => number;
  readonly observe: (observation: Observation) => void;
  readonly signal: AbortSignal;
  /** Never rejects. The port itself, unless somebody wants to listen in. */
  readonly ask?: (word: PolledWord) => Promise<PortAnswer>;
}

/** Between two questions: with these, one server gets fewer than two a second. */
const TURN_MS = 800;
/** A paused server's kernel keeps what it was asked: it must not fill up. */
const SILENT_TURN_MS = 2000;

/** Asks until the signal aborts. */
export async function pollServer(options: PollOptions): Promise<void> {
  const { server, now, observe, signal } = options;
  const ask = options.ask ?? ((word: PolledWord) => askPort(server, word));
  const schedule = new PollSchedule();
  const address = formatHostPort(server);
  /** What did not wait for its turn is made up for by the next one. */
  let owedMs = 0;
  while (!signal.aborted) {
    const word = schedule.next();
    const sentMs = now();
    const answer = await ask(word);
    const atMs = now();
    if (answer.isForbidden) schedule.forbid(word);
    const parsed = answer.text === undefined ? undefined : parse(word, answer.text);
    schedule.onAnswer(answer.standing, parsed);
    observe({ kind: 'polled', atMs, server: address, sentMs, standing: answer.standing, answer: parsed });
    const turnMs = owedMs + (answer.standing === 'silent' ? SILENT_TURN_MS : TURN_MS);
    owedMs = schedule.isUrgent ? turnMs : 0;
    await delay(Math.max(0, sentMs + turnMs - owedMs - now()), undefined, { signal }).catch(() => undefined);
  }
}

function parse(word: PolledWord, text: string): PollAnswer | undefined {
  switch (word) {
    case 'mntr': {
      const mntr = parseMntr(text);
      return mntr && { word, role: mntr.role, metrics: mntr.values };
    }
    case 'srvr': {
      const srvr = parseSrvr(text);
      return srvr && { word, role: srvr.role, zxid: srvr.zxid === undefined ? undefined : BigInt(srvr.zxid) };
    }
    case 'cons': {
      const connections = parseCons(text);
      return connections && { word, connections };
    }
    case 'dump': {
      const dump = parseDump(text);
      if (dump === undefined) return undefined;
      const ephemeralCount = [...dump.ephemerals.values()].reduce((sum, { length }) => sum + length, 0);
      return { word, sessions: dump.sessions, ephemeralCount, connections: dump.connections };
    }
    case 'conf': {
      const conf = parseConf(text);
      return conf && { word, sid: conf.sid, values: conf.values };
    }
    default:
      return assertNever(word, 'word');
  }
}
