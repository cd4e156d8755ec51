/** Simplified Chinese texts of settings. */
import type { settings as english } from '../en/settings.ts';
import type { LocaleOf } from '../locale-of.ts';

export const settings: LocaleOf<typeof english> = { title: '设置' };
