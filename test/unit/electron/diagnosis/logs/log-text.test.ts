import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

import { type TextEnd, readLines } from '../../../../../electron/diagnosis/logs/log-text.ts';
import { logFile } from '../../../../support/log-text.ts';

async function linesOf(
  content: string | Uint8Array,
  pieceBytes = 3,
): Promise<TextEnd & { readonly lines: readonly string[] }> {
  const lines: string[] = [];
  const end = await readLines(logFile(content, { pieceBytes }).open(), {
    onLine: (line) => lines.push(line),
  });
  return { ...end, lines };
}

const WHOLE = { isCutOff: false, longLines: 0 };

test.each([
  ['either kind of line end', 'a\r\nb\n\nc\n'],
  ['a byte order mark', '\u{feff}a\nb\n\nc\n'],
])('%s', async (_name, text) => {
  expect(await linesOf(text)).toEqual({ ...WHOLE, lines: ['a', 'b', '', 'c'] });
});

test('UTF-16, as Windows writes it', async () => {
  expect(await linesOf(Buffer.from('\u{feff}ä\r\nb\r\n', 'utf16le'))).toEqual({
    ...WHOLE,
    lines: ['ä', 'b'],
  });
});

test('characters cut in two by the reading', async () => {
  expect(await linesOf('x→y\n', 2)).toEqual({ ...WHOLE, lines: ['x→y'] });
});

test('gzip is known by its first bytes, also when it is one after the other', async () => {
  const content = Buffer.concat([gzipSync('a\nb\n'), gzipSync('c\n')]);
  expect(await linesOf(content)).toEqual({ ...WHOLE, lines: ['a', 'b', 'c'] });
});

test('a gzip file that ends too early is read as far as it goes', async () => {
  const text = Array.from({ length: 5000 }, (_, index) => `line ${index * 7919}\n`).join('');
  const content = gzipSync(text);
  const { isCutOff, lines } = await linesOf(content.subarray(0, content.length / 2), 1000);
  expect(isCutOff).toBe(true);
  expect(lines.slice(0, 3)).toEqual(['line 0', 'line 7919', 'line 15838']);
});

test('a last line without an end is told, and that it was cut', async () => {
  expect(await linesOf('a\nb')).toEqual({ isCutOff: true, longLines: 0, lines: ['a', 'b'] });
});

test('an endless line takes no endless memory', async () => {
  const { lines, longLines } = await linesOf(`${'x'.repeat(200_000)}\nb\n`, 10_000);
  expect(lines.map(({ length }) => length)).toEqual([65_536, 1]);
  expect(longLines).toBe(1);
});

test('a file that cannot be read is not taken for one that ends', async () => {
  async function* broken(): AsyncGenerator<Uint8Array> {
    yield await Promise.resolve(gzipSync('a\n').subarray(0, 12));
    throw new Error('the disk is gone');
  }
  await expect(readLines(broken(), { onLine: () => undefined })).rejects.toThrow('the disk is gone');
});

test('an empty file has no lines', async () => {
  expect(await linesOf('')).toEqual({ ...WHOLE, lines: [] });
});

test('reading stops when it is cancelled', async () => {
  const stop = new AbortController();
  stop.abort(new Error('enough'));
  const reading = readLines(logFile('a\n').open(), { onLine: () => undefined, signal: stop.signal });
  await expect(reading).rejects.toThrow('enough');
});
