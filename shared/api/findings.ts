/**
 * What the diagnosis answers: one finding for each ended session, election, or trouble of a server or the cluster. The window
 * shows them and `npm run diagnose` prints them as JSON lines; a finding is told again, with the same id, when it changes.
 */
import { z } from 'zod';
import { ElectionCause, SessionCause, TroubleCause } from './causes.ts';
import { Sentence } from './sentences.ts';

const Base = {
  /** Stable while the finding grows more certain. */
  id: z.string(),
  /** ISO 8601, of what it is about: the end of the session, the begin of the election or of the trouble. */
  at: z.iso.datetime(),
  /** Session id as 0x…, sid, or path. */
  subject: z.string(),
  /** 0 to 1; below 0.5 another cause of the list would be as likely. */
  confidence: z.number().min(0).max(1),
  /** One sentence, in English as all texts here; `words` has them for any language. */
  answer: z.string(),
  /** Facts that lead to the answer, the strongest first, each with its time and source. */
  evidence: z.array(
    z.object({
      at: z.iso.datetime().nullable(),
      source: z.string(),
      fact: z.string(),
      words: z.object({ source: Sentence, fact: Sentence }),
    }),
  ),
  /** What could not be seen, and why. */
  hidden: z.array(z.string()),
  /** `hidden` in the same order. */
  words: z.object({ answer: Sentence, hidden: z.array(Sentence) }),
};

export const Finding = z.discriminatedUnion('kind', [
  z.object({ ...Base, kind: z.literal('session-ended'), cause: SessionCause }),
  z.object({ ...Base, kind: z.literal('election'), cause: ElectionCause }),
  z.object({ ...Base, kind: z.enum(['server', 'cluster']), cause: TroubleCause }),
]);
export type Finding = z.infer<typeof Finding>;
