/** Looking at the page until it shows what it should. */
import type { Locator } from 'playwright-core';

/** Only what fails takes so long; what passes on a slow and busy machine may come near it. */
export const LOOK_MS_MAX = 45_000;

export function see(locator: Locator, timeoutMs = LOOK_MS_MAX): Promise<void> {
  return locator.first().waitFor({ state: 'visible', timeout: timeoutMs });
}

export function seeNone(locator: Locator, timeoutMs = LOOK_MS_MAX): Promise<void> {
  return locator.first().waitFor({ state: 'hidden', timeout: timeoutMs });
}

/** Waits until a button can be pressed. */
export function seeEnabled(locator: Locator): Promise<void> {
  return see(locator.and(locator.page().locator(':enabled')));
}

/** The visible text, with runs of white space (thin and unbreakable ones, too) as one space. */
export async function textOf(locator: Locator): Promise<string> {
  return (await locator.innerText()).replace(/\s+/g, ' ').trim();
}
