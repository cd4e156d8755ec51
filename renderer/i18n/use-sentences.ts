/** `const tell = useSentences()`: what a finding says, in the person's language, with local times: `tell(finding.words.answer)`. */
import { useMemo } from 'react';
import { type Sentence, type SentenceCatalogue, spell } from '../../shared/api/sentences.ts';
import { ENGLISH } from '../../shared/english-sentences.ts';
import type { Language } from '../app/format.ts';
import { useFormat } from '../app/use-format.ts';
import { CHINESE } from './locales/zh-CN/sentences.ts';

const CATALOGUES: Readonly<Record<Language, SentenceCatalogue>> = { en: ENGLISH, 'zh-CN': CHINESE };

export function useSentences(): (sentence: Sentence) => string {
  const format = useFormat();
  return useMemo(() => {
    const catalogue = CATALOGUES[format.language];
    return (sentence) => spell(sentence, catalogue, format);
  }, [format]);
}
