/** Simplified Chinese texts of the browse feature. ZooKeeper's own words stay English. */
import type { browse as english } from '../en/browse.ts';
import type { LocaleOf } from '../locale-of.ts';

export const browse: LocaleOf<typeof english> = {};
