/**
 * Writes zoo.cfg, which Apache reads as Java properties in ISO 8859-1 (java.util.Properties, load): a backslash escapes,
 * and what is no printable ASCII is written by its number, so that a data folder may have any name.
 */

/** One line an entry, in the order given. */
export function encodeZooCfg(entries: Readonly<Record<string, string>>): string {
  return Object.entries(entries)
    .map(([key, value]) => `${escapeKey(key)}=${escapeValue(value)}\n`)
    .join('');
}

function escapeKey(key: string): string {
  return escapeText(key).replace(/[ :=#!]/g, '\\$&');
}

function escapeValue(value: string): string {
  // Space in front would be skipped as part of the separator.
  return escapeText(value).replace(/^ /, '\\ ');
}

function escapeText(text: string): string {
  return text
    .replaceAll('\\', '\\\\')
    .replace(/[^\x20-\x7e]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}
