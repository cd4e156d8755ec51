/** `const t = useTexts()`: every text of the page by its full name, `t('browse:save', { version })`. */
import { useTranslation } from 'react-i18next';
import { NAMESPACES, type Texts } from './i18n.ts';

export function useTexts(): Texts {
  return useTranslation(NAMESPACES).t;
}
