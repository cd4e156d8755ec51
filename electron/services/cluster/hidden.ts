/** What a server did not tell, and the line of zoo.cfg that would change it. Pure. */
import type { Hidden } from '../../../shared/api/common.ts';
import { assertNever } from '../../../shared/assert.ts';
import type { Answer } from './answer.ts';

/** Undefined for an answer. `allowedWords`: what the server is known to answer already. */
export function hiddenBy(
  answer: Answer<unknown>,
  { server, word, allowedWords }: { server: string; word: string; allowedWords: readonly string[] },
): Hidden | undefined {
  switch (answer.status) {
    case 'ok':
      return undefined;
    case 'notWhitelisted': {
      const words = [...new Set([...allowedWords, word])].join(', ');
      return { server, word, reason: 'whitelist', configLine: `4lw.commands.whitelist=${words}` };
    }
    case 'notServing':
      return { server, word, reason: 'not-serving' };
    case 'notUnderstood':
      return { server, word, reason: 'not-understood' };
    case 'tooLong':
      return { server, word, reason: 'too-long' };
    case 'failed':
      return { server, word, reason: 'unreachable' };
    default:
      return assertNever(answer, 'answer');
  }
}
