/** Something was asked of a running ensemble that it cannot do; `message` is a sentence for people. */
export type FaultErrorCode =
  | 'NO_SUCH_SERVER'
  | 'NO_SUCH_LINK'
  | 'BAD_VALUE'
  /** The server must be stopped, or must run, for this. */
  | 'WRONG_STATE'
  /** Neither now nor later: this engine or this system has no such lever. */
  | 'NOT_SUPPORTED';

export class FaultError extends Error {
  override readonly name = 'FaultError';
  readonly code: FaultErrorCode;

  constructor(code: FaultErrorCode, message: string) {
    super(message);
    this.code = code;
  }
}
