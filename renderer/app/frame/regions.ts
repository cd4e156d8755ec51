/** Moves the focus between the parts of the window (F6): title bar, views, content, dock, status bar. */

const REGIONS = 'nav, main, aside, footer, section[aria-label]';
const FOCUSABLE =
  'a[href], button:not(:disabled), input:not(:disabled), textarea:not(:disabled), select:not(:disabled), [tabindex="0"]';

/** Puts the focus on the first thing of the next part that takes it, around the end to the first. */
export function focusNextRegion(): void {
  const regions = [...document.querySelectorAll<HTMLElement>(REGIONS)].filter(isVisible);
  const active = document.activeElement;
  // Regions nest; the innermost around the focus is where the person is.
  const here = regions.findLastIndex((region) => region.contains(active));
  for (let step = 1; step <= regions.length; step += 1) {
    const region = regions[(here + step + regions.length) % regions.length];
    const first = [...(region?.querySelectorAll<HTMLElement>(FOCUSABLE) ?? [])].find(isVisible);
    if (first && first !== active) {
      first.focus();
      return;
    }
  }
}

function isVisible(element: HTMLElement): boolean {
  return element.checkVisibility();
}
