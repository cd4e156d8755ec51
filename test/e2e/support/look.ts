/** Looking at the page until it shows what it should: locators wait by themselves, texts and values do not. */
import { expect } from 'vitest';
import type { Locator } from 'playwright-core';

export const LOOK_MS_MAX = 15_000;

export function see(locator: Locator, timeoutMs = LOOK_MS_MAX): Promise<void> {
  return locator.first().waitFor({ state: 'visible', timeout: timeoutMs });
}

export function seeNone(locator: Locator, timeoutMs = LOOK_MS_MAX): Promise<void> {
  return locator.first().waitFor({ state: 'hidden', timeout: timeoutMs });
}

/** Waits until what `read` says passes a matcher: `await eventually(() => …).toBe(…)`. */
export function eventually<T>(
  read: () => T | Promise<T>,
  timeoutMs = LOOK_MS_MAX,
): ReturnType<typeof expect.poll<T>> {
  return expect.poll(read, { timeout: timeoutMs, interval: 25 });
}

/** The visible text, with runs of white space (thin and unbreakable ones, too) as one space. */
export async function textOf(locator: Locator): Promise<string> {
  return (await locator.innerText()).replace(/\s+/g, ' ').trim();
}
