/** Asks servers for all their watches, side by side, and says who does not tell. */
import type { Hidden } from '../../../shared/api/common.ts';
import { type HostPort, formatHostPort } from '../../client/connect-string.ts';
import { hiddenBy } from '../cluster/hidden.ts';
import type { ServerQuestions } from '../cluster/server-questions.ts';

/** A person who asks again within this time means the same moment. */
const AGE_MS_MAX = 2_000;

export interface AskedWatches {
  /** One a server that told: paths by session for `wchc`, sessions by path for `wchp`. */
  readonly lists: readonly ReadonlyMap<string, readonly string[]>[];
  readonly hidden: Hidden[];
}

export async function askWatches(
  questions: ServerQuestions,
  hosts: readonly HostPort[],
  word: 'wchc' | 'wchp',
): Promise<AskedWatches> {
  const answers = await Promise.all(
    hosts.map(async (host) => ({ host, answer: await questions[word](host, { maxAgeMs: AGE_MS_MAX }) })),
  );
  return {
    lists: answers.flatMap(({ answer }) => (answer.status === 'ok' ? [answer.value] : [])),
    hidden: answers.flatMap(({ host, answer }) => {
      const allowedWords = questions.allowedWords(host);
      return hiddenBy(answer, { server: formatHostPort(host), word, allowedWords }) ?? [];
    }),
  };
}
