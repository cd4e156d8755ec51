/**
 * When a server answered last, on Zabra's clock. `cons` prints that moment (`lresp`) on a clock of the server that counts
 * from wherever it likes; but no answer is younger than the text that tells of it. So the least difference ever seen
 * between the two places that clock's zero at most so much too late as the server was quiet before that poll, and
 * every session that pings brings it closer. What is told is therefore never too early. Pure.
 */
const SAMPLES_MAX = 30;

export class ResponseClock {
  /** Of each poll: its time minus the youngest answer that it told of. */
  #differencesMs: number[] = [];

  /** `responsesMs` of one `cons`, in any order. */
  onPolled(responsesMs: readonly number[], atMs: number): void {
    if (responsesMs.length === 0) return;
    const youngestMs = responsesMs.reduce((a, b) => Math.max(a, b));
    this.#differencesMs.push(atMs - youngestMs);
    // A server that was started on another machine counts from elsewhere: what was known of the old one goes.
    if (this.#differencesMs.length > SAMPLES_MAX) this.#differencesMs.shift();
  }

  /** Undefined before the first poll. */
  toWallMs(responseMs: number): number | undefined {
    if (this.#differencesMs.length === 0) return undefined;
    return responseMs + Math.min(...this.#differencesMs);
  }
}
