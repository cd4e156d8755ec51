/** Operating errors that the shell itself finds, with the codes that the contract lists for them (shared/api/failure.ts). */
import type { SHELL_ERROR_CODES } from '../../shared/api/failure.ts';
import { AppError, type ErrorContext } from '../../shared/errors.ts';

/** `BUG` is not thrown: it is what everything that is no AppError becomes (failures.ts). */
export type ShellErrorCode = Exclude<(typeof SHELL_ERROR_CODES)[number], 'BUG'>;

export class ShellError extends AppError {
  readonly code: ShellErrorCode;
  readonly retryable: boolean;

  constructor(
    code: ShellErrorCode,
    message: string,
    options: ErrorContext & { readonly cause?: unknown } = {},
  ) {
    super(message, options);
    this.code = code;
    this.retryable = code === 'CONNECTION_NOT_OPEN' || code === 'PRODUCTION_LOCKED' || code === 'PORT_IN_USE';
  }
}
