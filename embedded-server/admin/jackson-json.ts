/**
 * JSON laid out as Apache's AdminServer prints it (Jackson's default pretty printer): `"key" : value`, arrays on one line.
 * Longs stay whole: a bigint is printed as the number that it is, beyond what JavaScript holds exactly.
 */

/** A double of Java, which always shows a fraction. */
export class JavaDouble {
  readonly text: string;

  constructor(text: string) {
    this.text = text;
  }

  toString(): string {
    return this.text;
  }
}

export type JsonValue =
  string | number | bigint | boolean | null | JavaDouble | readonly JsonValue[] | JsonObject;

export interface JsonObject {
  readonly [key: string]: JsonValue;
}

export function encodeJackson(value: JsonValue, indent = ''): string {
  if (value instanceof JavaDouble || typeof value === 'bigint') return value.toString();
  if (value === null || typeof value !== 'object') return JSON.stringify(value);
  if (isArray(value)) {
    return value.length === 0 ? '[ ]' : `[ ${value.map((item) => encodeJackson(item, indent)).join(', ')} ]`;
  }
  const entries = Object.entries(value);
  if (entries.length === 0) return '{ }';
  const inner = `${indent}  `;
  const lines = entries.map(
    ([key, item]) => `${inner}${JSON.stringify(key)} : ${encodeJackson(item, inner)}`,
  );
  return `{\n${lines.join(',\n')}\n${indent}}`;
}

/** Array.isArray knows nothing of readonly. */
function isArray(value: JsonValue): value is readonly JsonValue[] {
  return Array.isArray(value);
}
