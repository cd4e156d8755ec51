/** The writer: exact bytes, growth, frames, and round trips through the reader. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { BugError } from '../../../../shared/assert.ts';
import { JuteReader } from '../../../../shared/jute/reader.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';

function hexOf(write: (writer: JuteWriter) => void): string {
  const writer = new JuteWriter();
  write(writer);
  return Buffer.from(writer.finish()).toString('hex');
}

/** One value of any kind that Jute knows, with how to write it and how to read it back. */
const anyValue = fc.oneof(
  fc.record({ kind: fc.constant('byte' as const), value: fc.integer({ min: -128, max: 127 }) }),
  fc.record({ kind: fc.constant('bool' as const), value: fc.boolean() }),
  fc.record({ kind: fc.constant('int' as const), value: fc.integer() }),
  fc.record({
    kind: fc.constant('long' as const),
    value: fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }),
  }),
  fc.record({ kind: fc.constant('string' as const), value: fc.option(fc.string({ unit: 'binary' })) }),
  fc.record({ kind: fc.constant('buffer' as const), value: fc.option(fc.uint8Array()) }),
  fc.record({ kind: fc.constant('vector' as const), value: fc.array(fc.string()) }),
);
type AnyValue = typeof anyValue extends fc.Arbitrary<infer T> ? T : never;
type Read = string | number | bigint | boolean | readonly string[] | Uint8Array | null;

function writeValue(writer: JuteWriter, { kind, value }: AnyValue): void {
  if (kind === 'byte') writer.writeByte(value);
  else if (kind === 'bool') writer.writeBool(value);
  else if (kind === 'int') writer.writeInt(value);
  else if (kind === 'long') writer.writeLong(value);
  else if (kind === 'string') writer.writeString(value);
  else if (kind === 'buffer') writer.writeBuffer(value);
  else writer.writeVector(value, (to, element) => to.writeString(element));
}

function readValue(reader: JuteReader, kind: AnyValue['kind']): Read {
  if (kind === 'byte') return reader.readByte();
  if (kind === 'bool') return reader.readBool();
  if (kind === 'int') return reader.readInt();
  if (kind === 'long') return reader.readLong();
  if (kind === 'string') return reader.readNullableString();
  if (kind === 'buffer') return reader.readBuffer();
  return reader.readVector((from) => from.readString());
}

describe('jute writer: bytes', () => {
  test('of every kind', () => {
    expect(hexOf((writer) => writer.writeByte(-1))).toBe('ff');
    expect(hexOf((writer) => writer.writeBool(true))).toBe('01');
    expect(hexOf((writer) => writer.writeBool(false))).toBe('00');
    expect(hexOf((writer) => writer.writeInt(-101))).toBe('ffffff9b');
    expect(hexOf((writer) => writer.writeLong(-(2n ** 63n)))).toBe('8000000000000000');
    expect(hexOf((writer) => writer.writeString(null))).toBe('ffffffff');
    expect(hexOf((writer) => writer.writeString(''))).toBe('00000000');
    expect(hexOf((writer) => writer.writeString('/ä'))).toBe('000000032fc3a4');
    expect(hexOf((writer) => writer.writeBuffer(null))).toBe('ffffffff');
    expect(hexOf((writer) => writer.writeBuffer(Uint8Array.of(1, 2)))).toBe('000000020102');
    expect(hexOf((writer) => writer.writeRaw(Uint8Array.of(1, 2)))).toBe('0102');
    expect(hexOf((writer) => writer.writeVector([1, 2], (to, value) => to.writeByte(value)))).toBe(
      '000000020102',
    );
  });

  test.each([0x8000_0000, -0x8000_0001, 1.5, Number.NaN])(
    '%s is no int: a bug, not a wrapped number',
    (value) => {
      expect(() => {
        new JuteWriter().writeInt(value);
      }).toThrow(BugError);
    },
  );

  test('a frame gets the length of what follows its header', () => {
    const hex = hexOf((writer) => {
      const first = writer.beginFrame();
      writer.writeInt(7);
      writer.endFrame(first);
      const second = writer.beginFrame();
      writer.endFrame(second);
    });
    expect(hex).toBe('000000040000000700000000');
  });
});

describe('jute writer: buffer', () => {
  test('grows from any first size without losing bytes', () => {
    for (const initialBytes of [0, 1, 3, 4, 64]) {
      const writer = new JuteWriter(initialBytes);
      for (let value = 0; value < 100; value++) writer.writeInt(value);
      writer.writeBuffer(new Uint8Array(5000).fill(7));
      const reader = new JuteReader(writer.finish());
      for (let value = 0; value < 100; value++) expect(reader.readInt()).toBe(value);
      expect(reader.readBuffer()).toEqual(new Uint8Array(5000).fill(7));
      reader.expectEnd();
    }
  });

  test('what finish returned stays as it is while the writer goes on', () => {
    const writer = new JuteWriter();
    writer.writeInt(1);
    const first = writer.finish();
    writer.reset();
    expect(writer.length).toBe(0);
    writer.writeInt(2);
    expect([...first]).toEqual([0, 0, 0, 1]);
    expect([...writer.finish()]).toEqual([0, 0, 0, 2]);
  });

  test.each([3, 1_000_000])('what is taken of %i bytes is all, and the writer starts anew', (bytes) => {
    const writer = new JuteWriter();
    const first = new Uint8Array(bytes).fill(7);
    writer.writeRaw(first);
    expect(writer.take()).toEqual(first);
    writer.writeInt(5);
    expect(writer.take()).toEqual(Uint8Array.of(0, 0, 0, 5));
    expect(writer.length).toBe(0);
  });

  test('whatever was written is read back', () => {
    fc.assert(
      fc.property(fc.array(anyValue), fc.nat(16), (values, initialBytes) => {
        const writer = new JuteWriter(initialBytes);
        for (const value of values) writeValue(writer, value);
        const reader = new JuteReader(writer.finish());
        for (const { kind, value } of values) expect(readValue(reader, kind)).toEqual(value);
        reader.expectEnd();
      }),
      { numRuns: 500 },
    );
  });
});
