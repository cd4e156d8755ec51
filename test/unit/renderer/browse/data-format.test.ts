import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  detectData,
  encodeText,
  isSameBytes,
  viewText,
  withLineEnding,
} from '../../../../renderer/features/browse/data/data-format.ts';
import {
  indentJson,
  tokenizeJson,
  writeJson,
} from '../../../../renderer/features/browse/data/json-format.ts';
import { encodeUtf8 } from '../../../../shared/jute/utf8.ts';

function bytesOf(text: string): Uint8Array {
  return encodeUtf8(text);
}

/** Opens bytes the way the Data tab does, and saves them without an edit. */
function openAndSave(bytes: Uint8Array, isFormatted: boolean): Uint8Array {
  const kind = detectData(bytes);
  if (!kind.isTextEditable) return bytes;
  const { text, ...view } = viewText(bytes, kind, isFormatted);
  return encodeText(text, view).bytes;
}

describe('data format: what bytes are', () => {
  test.each([
    ['nothing', '', 'text'],
    ['a word', 'master-1', 'text'],
    ['a number alone is a text', '42', 'text'],
    ['an object', '{"a":1}', 'json'],
    ['a list with space around', ' [1, 2]\n', 'json'],
    ['broken JSON is a text', '{"a":1', 'text'],
    ['NUL is binary', 'a\u0000b', 'hex'],
    ['Chinese', '节点', 'text'],
  ])('%s', (_title, text, mode) => {
    expect(detectData(bytesOf(text)).mode).toBe(mode);
  });

  test('invalid UTF-8 is binary, also when it is only a cut-off last character', () => {
    expect(detectData(Uint8Array.of(0xac, 0xed, 0x00, 0x05))).toMatchObject({ mode: 'hex', isUtf8: false });
    expect(detectData(Uint8Array.of(0x61, 0xe8, 0x8a))).toMatchObject({ mode: 'hex', isTextEditable: false });
  });

  test('mixed line endings cannot be edited as text, because an editor would make them one', () => {
    expect(detectData(bytesOf('a\r\nb\n'))).toMatchObject({ lineEnding: 'mixed', isTextEditable: false });
    expect(detectData(bytesOf('a\rb'))).toMatchObject({ lineEnding: 'mixed', isTextEditable: false });
    expect(detectData(bytesOf('a\r\nb\r\n'))).toMatchObject({ lineEnding: 'crlf', isTextEditable: true });
    expect(withLineEnding('a\r\nb\nc\r', 'lf')).toBe('a\nb\nc\n');
  });

  test('a second byte order mark cannot be edited as text, because an editor would swallow it', () => {
    expect(detectData(bytesOf('\ufeff\ufeffa'))).toMatchObject({ hasBom: true, isTextEditable: false });
  });
});

describe('data format: JSON', () => {
  test('minified JSON is shown indented and saved minified', () => {
    const bytes = bytesOf('{"host":"kafka-0","port":9092,"tags":[],"x":{"y":[1,2]}}');
    const kind = detectData(bytes);
    const { text, ...view } = viewText(bytes, kind, true);
    expect(text).toBe(
      '{\n  "host": "kafka-0",\n  "port": 9092,\n  "tags": [],\n  "x": {\n    "y": [\n      1,\n      2\n    ]\n  }\n}',
    );
    const edited = encodeText(text.replace('9092', '9093'), view);
    expect(edited).toMatchObject({ isAsShown: false, jsonProblemAt: undefined });
    expect(new TextDecoder().decode(edited.bytes)).toBe(
      '{"host":"kafka-0","port":9093,"tags":[],"x":{"y":[1,2]}}',
    );
  });

  test.each([
    ['numbers beyond 2^53', '{"id":9007199254740993,"e":1E400,"f":1.10}'],
    ['duplicate keys', '{"a":1,"a":2}'],
    ['escapes as they were spelled', '{"a":"\\u00e9\\/\\n"}'],
    ['the spacing of json.dumps', '{"a": 1, "b": [1, 2], "c": {}}'],
  ])('%s survive the indented view', (_title, text) => {
    const bytes = bytesOf(text);
    expect(detectData(bytes).jsonStyle).toBeDefined();
    expect(viewText(bytes, detectData(bytes), true).text).toContain('\n');
    expect(openAndSave(bytes, true)).toEqual(bytes);
  });

  test('JSON that a person laid out is shown as it is', () => {
    const bytes = bytesOf('{ "a":1 }\n');
    expect(detectData(bytes)).toMatchObject({ mode: 'json', jsonStyle: undefined });
    expect(viewText(bytes, detectData(bytes), true).text).toBe('{ "a":1 }\n');
  });

  test('text that stopped being JSON is saved as shown, and the place is told', () => {
    const kind = detectData(bytesOf('{"a":1}'));
    const { text, ...view } = viewText(bytesOf('{"a":1}'), kind, true);
    const broken = encodeText(text.replace('1', ''), view);
    expect(broken).toMatchObject({ isAsShown: true, jsonProblemAt: 10 });
  });

  test.each(['', ' ', '{"a":01}', '[1,]', '{"a" 1}', '["\u0001"]', '[1] 2', 'nul', '{,}', '["\\x"]', '[}'])(
    'is not JSON: %j',
    (text) => {
      expect(tokenizeJson(text).isJson).toBe(false);
    },
  );

  test('agrees with JSON.parse about every value, indented or not', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        const parsed = tokenizeJson(text);
        if (!parsed.isJson) throw new Error(`refused ${text}`);
        expect(JSON.parse(indentJson(parsed.tokens))).toEqual(JSON.parse(text));
        expect(writeJson(parsed.tokens, 'minified')).toBe(text);
      }),
    );
  });
});

describe('data format: no silent change', () => {
  const textual = fc.string({
    unit: fc.constantFrom(
      '{',
      '}',
      '"',
      ':',
      ',',
      '[',
      ']',
      '1',
      'a',
      ' ',
      '\n',
      '\r',
      '\r\n',
      '\ufeff',
      '漢',
      '\u2028',
      '\u0085',
    ),
    maxLength: 40,
  });

  test('bytes that are opened and saved without an edit are the same bytes', () => {
    const anyBytes = fc.oneof(
      fc.uint8Array({ maxLength: 60 }),
      textual.map(bytesOf),
      fc.json({ maxDepth: 3 }).map(bytesOf),
      fc.json({ maxDepth: 3 }).map((text) => bytesOf(`\ufeff${text}\n`)),
    );
    fc.assert(
      fc.property(anyBytes, fc.boolean(), (bytes, isFormatted) => {
        expect(isSameBytes(openAndSave(bytes, isFormatted), bytes)).toBe(true);
      }),
      { numRuns: 3000 },
    );
  });

  test('a byte order mark and a trailing line survive an edit', () => {
    const bytes = bytesOf('\ufeffa\r\nb\r\n');
    const kind = detectData(bytes);
    const { text, ...view } = viewText(bytes, kind, false);
    expect(text).toBe('a\r\nb\r\n');
    expect(view).toMatchObject({ lineEnding: 'crlf', hasBom: true });
    expect(encodeText('a\r\nc\r\n', view).bytes).toEqual(bytesOf('\ufeffa\r\nc\r\n'));
  });

  test('null and empty are two things', () => {
    expect(isSameBytes(null, new Uint8Array(0))).toBe(false);
    expect(isSameBytes(null, null)).toBe(true);
  });
});
