/** How wide a text in a drawing will be, near enough to make room for it. Pure. */

/** East Asian letters are as wide as they are high. */
const WIDE_FROM = '\u2e80';
const LETTER_SHARE = { mixed: 0.54, capitals: 0.67 };

export function textWidth(
  text: string,
  { fontPx, letters = 'mixed' }: { readonly fontPx: number; readonly letters?: 'mixed' | 'capitals' },
): number {
  return Array.from(text).reduce(
    (sum, letter) => sum + fontPx * (letter > WIDE_FROM ? 1.02 : LETTER_SHARE[letters]),
    0,
  );
}
