/** Which words are on screen, and which of them belong to one language only. */
import type { Page } from 'playwright-core';
import { type Language, TEXTS, likeAll } from './texts.ts';

/** Every text that a person sees, hears or gets by hovering: one entry a text node or attribute. */
export function textsOnScreen(page: Page): Promise<readonly string[]> {
  return page.evaluate(() => {
    const texts: string[] = [];
    const add = (text: string | null): void => {
      const trimmed = text?.replace(/\s+/g, ' ').trim() ?? '';
      if (trimmed !== '') texts.push(trimmed);
    };
    // What the person typed or the server keeps is in no language of Zabra's.
    const isData = (element: Element): boolean => element.closest('code, pre, .monaco-editor') !== null;
    for (const element of document.querySelectorAll<HTMLElement>('body *')) {
      if (isData(element) || !element.checkVisibility()) continue;
      for (const name of ['aria-label', 'title', 'placeholder']) add(element.getAttribute(name));
      for (const node of element.childNodes) if (node.nodeType === Node.TEXT_NODE) add(node.textContent);
    }
    return texts;
  });
}

/** Whether a whole text is one of the catalogue of a language and not of another's. */
export function wordsOnlyIn(language: Language, other: Language): (text: string) => boolean {
  const others = new Set(templatesOf(TEXTS[other]));
  const exact = new Set<string>();
  const patterns: RegExp[] = [];
  for (const template of templatesOf(TEXTS[language])) {
    // Signs are in no language.
    if (others.has(template) || !/\p{Letter}/u.test(template)) continue;
    if (!template.includes('{{')) exact.add(template);
    // A template of nothing but values and signs matches everything.
    else if (/[a-z]{3}/i.test(template.replace(/\{\{\w+\}\}/g, '')))
      patterns.push(new RegExp(`^${likeAll(template)}$`, 'u'));
  }
  return (text) => exact.has(text) || patterns.some((pattern) => pattern.test(text));
}

function templatesOf(tree: object): string[] {
  return Object.values(tree).flatMap((value: unknown) => {
    if (typeof value === 'string') return [value.trim()];
    return typeof value === 'object' && value !== null ? templatesOf(value) : [];
  });
}
