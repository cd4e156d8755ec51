/**
 * What Zabra says, by the catalogue that it takes it from: page objects find things by the words on screen, in either
 * language, and a reworded sentence breaks no test.
 */
import { locale as english } from '../../../renderer/i18n/locales/en/index.ts';
import { locale as chinese } from '../../../renderer/i18n/locales/zh-CN/index.ts';
import type { LocaleOf } from '../../../renderer/i18n/locales/locale-of.ts';

export type Texts = LocaleOf<typeof english>;
export type Language = 'en' | 'zh-CN';

export const TEXTS: Readonly<Record<Language, Texts>> = { en: asShown(english), 'zh-CN': asShown(chinese) };

/** Backticks in the catalogue are quotes of ZooKeeper's words; on screen these stand in its voice instead. */
function asShown<T extends object>(texts: T): T {
  const entries = Object.entries(texts).map(([key, value]: [string, unknown]) => {
    if (typeof value === 'string') return [key, value.replaceAll('`', '')];
    return [key, typeof value === 'object' && value !== null ? asShown(value) : value];
  });
  return Object.fromEntries(entries) as T;
}

/** A text with its values in place. Throws when one is missing, as no screen may show `{{name}}`. */
export function fill(template: string, values: Readonly<Record<string, string | number>> = {}): string {
  return template.replace(/\{\{(\w+)\}\}/g, (_match, name: string) => {
    const value = values[name];
    if (value === undefined) throw new Error(`no value for {{${name}}} of “${template}”`);
    return String(value);
  });
}

/** Finds a text whatever its values are. */
export function like(template: string): RegExp {
  // At its edges one character of a value will do: looked for at every place of a long page, any number of them would take minutes.
  const source = likeAll(template).replace(/^\.\+/, '.').replace(/\.\+$/, '.');
  return new RegExp(source);
}

/** The source of what matches all of a text whatever its values are. */
export function likeAll(template: string): string {
  return template
    .split(/\{\{\w+\}\}/)
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
    .join('.+');
}
