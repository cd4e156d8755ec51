/** Searching the values of `mntr`. Pure: every word that is typed must be in the name or in the value. */
export function matchingValues(
  values: readonly (readonly [name: string, value: string])[],
  text: string,
): (readonly [name: string, value: string])[] {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean);
  return values.filter(([name, value]) => {
    const haystack = `${name} ${value}`.toLowerCase();
    return words.every((word) => haystack.includes(word));
  });
}
