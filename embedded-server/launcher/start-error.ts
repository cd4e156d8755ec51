/** A server did not come up; the message says why, in words for people. */
export class StartError extends Error {
  override readonly name = 'StartError';
}
