/**
 * Two languages, one namespace a feature. English is the type: `t('browse:save')` compiles only when
 * locales/en/browse.ts has `save`, and a Chinese file compiles only when it has every key of the English one.
 * A language is loaded when it is used, so the first paint carries one.
 */
import i18next, { type ParseKeysWithoutVariables, type TFunction } from 'i18next';
import { initReactI18next } from 'react-i18next';
import type { Settings } from '../../shared/api/app.ts';
import type { Language } from '../app/format.ts';
import type { locale as english } from './locales/en/index.ts';

type English = typeof english;
export type Namespace = keyof English;

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'common';
    resources: English;
  }
}

export const NAMESPACES = [
  'common',
  'connections',
  'failures',
  'settings',
  'browse',
  'events',
  'radius',
  'sessions',
  'cluster',
  'diagnose',
  'ensembles',
  'election',
] as const satisfies readonly Namespace[];

/** A text by its full name that needs no values, `browse:save`: what commands and tables of words hold. */
export type MessageKey = ParseKeysWithoutVariables<typeof NAMESPACES>;
/** A `t` that takes {@link MessageKey}s; what `useTexts` returns. */
export type Texts = TFunction<typeof NAMESPACES>;

const LOADERS: Record<Language, () => Promise<{ locale: object }>> = {
  en: () => import('./locales/en/index.ts'),
  'zh-CN': () => import('./locales/zh-CN/index.ts'),
};

/** The language to show for a setting: `system` follows the browser's list. */
export function resolveLanguage(setting: Settings['language'], wanted: readonly string[]): Language {
  if (setting !== 'system') return setting;
  const first = wanted.find((tag) => /^(en|zh)\b/i.test(tag)) ?? 'en';
  return /^zh\b/i.test(first) ? 'zh-CN' : 'en';
}

async function load(language: Language): Promise<void> {
  if (i18next.hasResourceBundle(language, 'common')) return;
  const { locale } = await LOADERS[language]();
  for (const [namespace, texts] of Object.entries(locale))
    i18next.addResourceBundle(language, namespace, texts);
}

/** Called once, before the first render. */
export async function startLanguage(language: Language): Promise<void> {
  await i18next.use(initReactI18next).init({
    lng: language,
    fallbackLng: 'en',
    supportedLngs: ['en', 'zh-CN'],
    ns: NAMESPACES,
    defaultNS: 'common',
    resources: {},
    // React escapes; escaping twice would show entities.
    interpolation: { escapeValue: false },
    returnNull: false,
  });
  await becomeLanguage(language);
}

/** Switches the whole page. */
export async function changeLanguage(language: Language): Promise<void> {
  if (i18next.language === language) return;
  await becomeLanguage(language);
}

async function becomeLanguage(language: Language): Promise<void> {
  await load(language);
  await i18next.changeLanguage(language);
  document.documentElement.lang = language;
}
