/**
 * The order of siblings in the tree: by code units, but runs of digits by their number, so that broker `10` comes
 * after broker `2`. Not Intl.Collator: a listing of 100,000 names must sort in a few frames, and the order must not
 * depend on a person's language.
 */

const DIGIT_0 = 0x30;
const DIGIT_9 = 0x39;

function isDigit(unit: number): boolean {
  return unit >= DIGIT_0 && unit <= DIGIT_9;
}

/** The offset behind the run of digits that `at` lies in, or `at` when it is not a digit. */
function digitsEnd(name: string, at: number): number {
  let end = at;
  while (end < name.length && isDigit(name.charCodeAt(end))) end++;
  return end;
}

/** A total order: 0 only for equal names. Numbers of one value compare by their length, `7` before `007`. */
export function compareNames(a: string, b: string): number {
  const shorter = Math.min(a.length, b.length);
  let at = 0;
  while (at < shorter && a.charCodeAt(at) === b.charCodeAt(at)) at++;
  if (at === a.length && at === b.length) return 0;

  // The first difference may lie inside a number: compare from where that number begins.
  let start = at;
  while (start > 0 && isDigit(a.charCodeAt(start - 1))) start--;
  const aEnd = digitsEnd(a, at);
  const bEnd = digitsEnd(b, at);
  if (aEnd > start && bEnd > start) {
    const difference = compareDigits(a, b, { start, aEnd, bEnd });
    if (difference !== 0) return difference;
  }
  if (at === a.length) return -1;
  if (at === b.length) return 1;
  return a.charCodeAt(at) - b.charCodeAt(at);
}

function compareDigits(
  a: string,
  b: string,
  { start, aEnd, bEnd }: { start: number; aEnd: number; bEnd: number },
): number {
  let aAt = start;
  let bAt = start;
  while (aAt < aEnd && a.charCodeAt(aAt) === DIGIT_0) aAt++;
  while (bAt < bEnd && b.charCodeAt(bAt) === DIGIT_0) bAt++;
  if (aEnd - aAt !== bEnd - bAt) return aEnd - aAt - (bEnd - bAt);
  for (; aAt < aEnd; aAt++, bAt++) {
    const difference = a.charCodeAt(aAt) - b.charCodeAt(bAt);
    if (difference !== 0) return difference;
  }
  return aEnd - bEnd;
}

/** The index of the first name that is not before `name`: where it is, or where it belongs. */
export function lowerBound(names: readonly string[], name: string): number {
  let low = 0;
  let high = names.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (compareNames(names[middle] ?? '', name) < 0) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** The index of `name` in sorted `names`, or -1. */
export function indexOfName(names: readonly string[], name: string): number {
  const at = lowerBound(names, name);
  return names[at] === name ? at : -1;
}

/** Sorts a copy, unless `names` are in order already. */
export function sortedNames(names: readonly string[]): readonly string[] {
  for (let at = 1; at < names.length; at++) {
    if (compareNames(names[at - 1] ?? '', names[at] ?? '') > 0) return [...names].sort(compareNames);
  }
  return names;
}

/** Merges two sorted lists into a new one; a name that both have comes once. */
export function mergeNames(a: readonly string[], b: readonly string[]): string[] {
  const lastOfA = a.at(-1);
  const firstOfB = b[0];
  if (lastOfA === undefined) return [...b];
  if (firstOfB === undefined) return [...a];
  if (compareNames(lastOfA, firstOfB) < 0) return a.concat(b);

  const merged: string[] = [];
  let aAt = 0;
  let bAt = 0;
  while (aAt < a.length && bAt < b.length) {
    const fromA = a[aAt] ?? '';
    const fromB = b[bAt] ?? '';
    const difference = compareNames(fromA, fromB);
    merged.push(difference <= 0 ? fromA : fromB);
    if (difference <= 0) aAt++;
    if (difference >= 0) bAt++;
  }
  for (; aAt < a.length; aAt++) merged.push(a[aAt] ?? '');
  for (; bAt < b.length; bAt++) merged.push(b[bAt] ?? '');
  return merged;
}

/** Puts a name where it belongs. False when it was there already. */
export function insertName(names: string[], name: string): boolean {
  const at = lowerBound(names, name);
  if (names[at] === name) return false;
  names.splice(at, 0, name);
  return true;
}

/** False when it was not there. */
export function removeName(names: string[], name: string): boolean {
  const at = indexOfName(names, name);
  if (at === -1) return false;
  names.splice(at, 1);
  return true;
}

/** What came and what went between two sorted lists. */
export function differenceOf(
  before: readonly string[],
  after: readonly string[],
): { added: string[]; removed: string[] } {
  const added: string[] = [];
  const removed: string[] = [];
  let beforeAt = 0;
  let afterAt = 0;
  while (beforeAt < before.length || afterAt < after.length) {
    const old = before[beforeAt];
    const next = after[afterAt];
    const order =
      old === undefined ? 1 : next === undefined ? -1 : old === next ? 0 : compareNames(old, next);
    if (order < 0) removed.push(old ?? '');
    if (order > 0) added.push(next ?? '');
    if (order <= 0) beforeAt++;
    if (order >= 0) afterAt++;
  }
  return { added, removed };
}
