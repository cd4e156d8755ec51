/** What the sums of all watches say about a change. Pure. */
import type { NodeChange, WatchTotals } from '../../../shared/api/radius.ts';
import { formatCount } from '../../app/format.ts';
import type { Texts } from '../../i18n/i18n.ts';

/** At most so many watches fire; null where that is not known. */
export function watchesConcerned(totals: WatchTotals | undefined, change: NodeChange): number | null {
  if (totals === undefined || totals.hidden.length > 0 || totals.dataWatches === null) return null;
  // Child watches hear only of names that come and go.
  return change === 'data' ? totals.dataWatches : totals.dataWatches + (totals.childWatches ?? 0);
}

/** `totals` is undefined until they are known. */
export function totalsWords(totals: WatchTotals | undefined, change: NodeChange, t: Texts): string {
  if (totals === undefined) return t('radius:unknownYet');
  const concerned = watchesConcerned(totals, change);
  if (concerned === null) return t('radius:hidden');
  if (concerned === 0) return t('radius:nobody');
  return t('radius:atMost', { count: concerned, formatted: formatCount(concerned) });
}

/** Why the sum is only a bound. */
export function hintOf(totals: WatchTotals | undefined, t: Texts): string | undefined {
  if (totals === undefined) return undefined;
  return totals.dataWatches === null || totals.hidden.length > 0
    ? t('radius:hiddenHint')
    : t('radius:atMostHint');
}
