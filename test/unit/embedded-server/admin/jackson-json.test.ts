/** The layout of Jackson's pretty printer, and numbers that JavaScript would round. */
import { expect, test } from 'vitest';

import { JavaDouble, encodeJackson } from '../../../../embedded-server/admin/jackson-json.ts';

test('jackson json: members on lines of their own, arrays on one', () => {
  const value = { a: 1, b: [{ c: 'x' }, 2], d: [], e: {}, f: null, g: true };
  expect(encodeJackson(value)).toBe(
    '{\n  "a" : 1,\n  "b" : [ {\n    "c" : "x"\n  }, 2 ],\n  "d" : [ ],\n  "e" : { },\n  "f" : null,\n  "g" : true\n}',
  );
  expect(JSON.parse(encodeJackson(value))).toEqual(value);
});

test('jackson json: longs are whole and doubles have a fraction', () => {
  expect(encodeJackson([72058567573962753n, -1n, new JavaDouble('0.0')])).toBe(
    '[ 72058567573962753, -1, 0.0 ]',
  );
});

test('jackson json: text is escaped', () => {
  expect(encodeJackson({ 'a"b': 'c\n' })).toBe('{\n  "a\\"b" : "c\\n"\n}');
});
