import { ConfigError } from '../core/config.ts';

/** A server did not come up; the message says why, in words for people. */
export class StartError extends Error {
  override readonly name = 'StartError';
}

/** Whether an ensemble cannot be, or did not start, for a reason that people can read and mend. */
export function isLaunchProblem(error: unknown): error is StartError | ConfigError {
  return error instanceof StartError || error instanceof ConfigError;
}
