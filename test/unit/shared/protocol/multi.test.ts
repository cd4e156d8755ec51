/** What a multi must not contain, and how the server names the results of its parts. */
import { describe, expect, test } from 'vitest';
import { JuteReader } from '../../../../shared/jute/reader.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import { multi, multiRead } from '../../../../shared/protocol/multi.ts';
import { OpCode } from '../../../../shared/protocol/op-code.ts';

const END = 'ffffffff01ffffffff';

function readerOf(hex: string): JuteReader {
  return new JuteReader(Buffer.from(hex.replace(/\s/g, ''), 'hex'));
}

function int(value: number): string {
  return (value >>> 0).toString(16).padStart(8, '0');
}

/** A part of type `type` whose record is the path `/a` and four bytes: read as delete, check or a watched read. */
function part(type: number): string {
  return `${int(type)} 00 ffffffff 00000002 2f61 00000000`;
}

describe('multi', () => {
  test('nothing at all is legal', () => {
    expect(multi.decodeRequest(readerOf(END))).toEqual([]);
    const writer = new JuteWriter();
    multi.encodeRequest(writer, []);
    expect(Buffer.from(writer.finish()).toString('hex')).toBe(END);
  });

  test.each(Object.entries(OpCode).filter(([, code]) => ![1, 2, 5, 13, 15, 19, 21].includes(code)))(
    'a part %s is refused',
    (_name, code) => {
      expect(() => multi.decodeRequest(readerOf(part(code) + END))).toThrow(
        expect.objectContaining({ code: 'BAD_VALUE' }),
      );
    },
  );

  test.each(Object.entries(OpCode).filter(([, code]) => ![4, 8].includes(code)))(
    'a part %s is refused in a multiRead',
    (_name, code) => {
      expect(() => multiRead.decodeRequest(readerOf(part(code) + END))).toThrow(
        expect.objectContaining({ code: 'BAD_VALUE' }),
      );
    },
  );

  test('without an end it is cut', () => {
    expect(() => multi.decodeRequest(readerOf(part(OpCode.delete)))).toThrow(
      expect.objectContaining({ code: 'TRUNCATED' }),
    );
  });

  test('containers and TTL nodes are asked for by their own numbers and answered as create2', () => {
    const writer = new JuteWriter();
    const request = { path: '/c', data: null, acl: [], flags: 4 };
    multi.encodeRequest(writer, [
      { op: 'createContainer', request },
      { op: 'createTTL', request: { ...request, flags: 5, ttlMs: 9n } },
    ]);
    const types = multi.decodeRequest(new JuteReader(writer.finish())).map(({ op }) => op);
    expect(types).toEqual(['createContainer', 'createTTL']);
    expect(() => multi.decodeResponse(readerOf(`${int(OpCode.createTTL)} 00 00000000 ${END}`))).toThrow(
      expect.objectContaining({ code: 'BAD_VALUE' }),
    );
  });

  // Captured from Apache 3.8.0 (PROTOCOL.md 2.5).
  test('a failed one tells of every part: 0 before, the code, -2 behind', () => {
    const reply =
      'ffffffff00 00000000 00000000 ffffffff00 ffffff9b ffffff9b ffffffff00 fffffffe fffffffe ffffffff01 ffffffff';
    expect(multi.decodeResponse(readerOf(reply))).toEqual([
      { op: 'error', err: 0 },
      { op: 'error', err: -101 },
      { op: 'error', err: -2 },
    ]);
  });
});
