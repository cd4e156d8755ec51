/**
 * The end of the program that started this one, where that was npm. A signal to npm, or one that kills what npm runs, reaches
 * nobody below it: what can be seen is that the parent has changed. So its end counts as a signal to end.
 */

/** How often it is looked. */
const CHECK_MS = 200;

/** Calls `listener` once the parent is gone; never where npm has not started this program. Keeps no process alive. */
export function whenNpmEnds(listener: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined || process.platform === 'win32') return;
  const parentPid = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parentPid) return;
    clearInterval(timer);
    listener();
  }, CHECK_MS);
  timer.unref();
}
