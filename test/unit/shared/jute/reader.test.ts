/** The reader's bounds: no hostile length costs more than its own frame. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { ProtocolError, type ProtocolErrorCode } from '../../../../shared/errors.ts';
import { JuteReader } from '../../../../shared/jute/reader.ts';

function readerOf(...bytes: number[]): JuteReader {
  return new JuteReader(Uint8Array.from(bytes));
}

/** A reader over one int and the bytes behind it. */
function readerOfInt(value: number, ...rest: number[]): JuteReader {
  const bytes = new Uint8Array(4 + rest.length);
  new DataView(bytes.buffer).setInt32(0, value);
  bytes.set(rest, 4);
  return new JuteReader(bytes);
}

function expectProtocolError(run: () => unknown, code: ProtocolErrorCode): void {
  expect(run).toThrow(expect.objectContaining({ name: 'ProtocolError', code }));
}

const hostileLengths = [-2, -0x8000_0000, 4, 0x00ff_ffff, 0x7fff_ffff];

test('jute reader: readers of different parts of different buffers do not mix them up', () => {
  const [one, two] = [Uint8Array.of(0, 0, 0, 1, 0, 0, 0, 2), Uint8Array.of(9, 9, 0, 0, 0, 3)];
  const first = new JuteReader(one);
  const second = new JuteReader(two.subarray(2));
  const third = new JuteReader(one.subarray(4));
  expect([first.readInt(), second.readInt(), third.readInt(), first.readInt()]).toEqual([1, 3, 2, 2]);
});

describe('jute reader: numbers', () => {
  test('are big endian and signed', () => {
    expect(readerOf(0xff).readByte()).toBe(-1);
    expect(readerOf(0x80, 0, 0, 0).readInt()).toBe(-0x8000_0000);
    expect(readerOf(0x7f, 0xff, 0xff, 0xff).readInt()).toBe(0x7fff_ffff);
    expect(readerOf(0x80, 0, 0, 0, 0, 0, 0, 0).readLong()).toBe(-(2n ** 63n));
    expect(readerOf(0, 0, 0, 1, 0, 0, 0, 2).readLong()).toBe(0x1_0000_0002n);
  });

  test('any byte but 0 is true', () => {
    expect(readerOf(0).readBool()).toBe(false);
    expect(readerOf(1).readBool()).toBe(true);
    expect(readerOf(0xff).readBool()).toBe(true);
  });

  test.each([
    ['byte', 1, (reader: JuteReader) => reader.readByte()],
    ['bool', 1, (reader: JuteReader) => reader.readBool()],
    ['int', 4, (reader: JuteReader) => reader.readInt()],
    ['long', 8, (reader: JuteReader) => reader.readLong()],
  ])('a cut %s is TRUNCATED and consumes nothing', (_name, size, read) => {
    for (let length = 0; length < size; length++) {
      const reader = new JuteReader(new Uint8Array(length));
      expectProtocolError(() => read(reader), 'TRUNCATED');
      expect(reader.offset).toBe(0);
    }
  });
});

describe('jute reader: lengths', () => {
  test.each(hostileLengths)('a string or buffer of %i bytes with three behind it is BAD_LENGTH', (length) => {
    expectProtocolError(() => readerOfInt(length, 1, 2, 3).readString(), 'BAD_LENGTH');
    expectProtocolError(() => readerOfInt(length, 1, 2, 3).readNullableString(), 'BAD_LENGTH');
    expectProtocolError(() => readerOfInt(length, 1, 2, 3).readBuffer(), 'BAD_LENGTH');
  });

  test('null and empty are two things', () => {
    expect(readerOfInt(-1).readNullableString()).toBeNull();
    expect(readerOfInt(0).readNullableString()).toBe('');
    expect(readerOfInt(-1).readString()).toBe('');
    expect(readerOfInt(-1).readBuffer()).toBeNull();
    expect(readerOfInt(0).readBuffer()).toEqual(new Uint8Array(0));
  });

  test('a length that fits exactly is read', () => {
    expect(readerOfInt(3, 0x61, 0x62, 0x63).readString()).toBe('abc');
    expect(readerOfInt(3, 1, 2, 3).readBuffer()).toEqual(Uint8Array.from([1, 2, 3]));
  });

  test('a buffer is a view into the frame', () => {
    const frame = Uint8Array.from([0, 0, 0, 2, 7, 8]);
    const view = new JuteReader(frame).readBuffer();
    frame[4] = 9;
    expect(view).toEqual(Uint8Array.from([9, 8]));
  });
});

describe('jute reader: vectors', () => {
  const readInts = (reader: JuteReader): number[] => reader.readVector((from) => from.readInt());

  test('null, and any negative count, is empty', () => {
    for (const count of [-1, -2, -0x8000_0000, 0]) expect(readInts(readerOfInt(count, 1, 2))).toEqual([]);
  });

  test.each([3, 0x0fff_ffff, 0x7fff_ffff])(
    'a count of %i that cannot fit is refused before an element is read',
    (count) => {
      let elementsRead = 0;
      const reader = readerOfInt(count, 0, 0, 0, 1, 0, 0, 0, 2);
      expectProtocolError(
        () =>
          reader.readVector((from) => {
            elementsRead++;
            return from.readInt();
          }),
        'BAD_LENGTH',
      );
      expect(elementsRead).toBe(0);
    },
  );

  test('the least size of an element counts', () => {
    const rest = new Array<number>(24).fill(0);
    expect(readerOfInt(2, ...rest).readVector((from) => from.readLong(), 12)).toEqual([0n, 0n]);
    expectProtocolError(
      () => readerOfInt(3, ...rest).readVector((from) => from.readLong(), 12),
      'BAD_LENGTH',
    );
  });

  test('an element that is cut is TRUNCATED', () => {
    expectProtocolError(() => readerOfInt(1, 0, 0, 0, 1).readVector((from) => from.readLong()), 'TRUNCATED');
  });
});

describe('jute reader: range', () => {
  test('start and end bound everything', () => {
    const reader = new JuteReader(Uint8Array.from([9, 0, 0, 0, 1, 0x61, 9]), 1, 6);
    expect(reader.remaining).toBe(5);
    expect(reader.readString()).toBe('a');
    expect(reader.offset).toBe(6);
    expectProtocolError(() => reader.readByte(), 'TRUNCATED');
    reader.expectEnd();
  });

  test('a length beyond the end is refused although the bytes behind the end exist', () => {
    const reader = new JuteReader(Uint8Array.from([0, 0, 0, 2, 0x61, 0x62]), 0, 5);
    expectProtocolError(() => reader.readString(), 'BAD_LENGTH');
  });

  test('reads within a larger buffer, as network chunks are', () => {
    const backing = Uint8Array.from([9, 9, 0, 0, 0, 5, 9]);
    expect(new JuteReader(backing.subarray(2, 6)).readInt()).toBe(5);
  });

  test('the rest, and the end', () => {
    const reader = readerOf(1, 2, 3);
    expectProtocolError(() => {
      reader.expectEnd();
    }, 'TRAILING_BYTES');
    reader.readByte();
    expect(reader.readRest()).toEqual(Uint8Array.from([2, 3]));
    expect(reader.remaining).toBe(0);
    reader.expectEnd();
    expect(reader.readRest()).toEqual(new Uint8Array(0));
  });

  test('any bytes read as anything give a value or a ProtocolError', () => {
    const reads = [
      (reader: JuteReader) => reader.readByte(),
      (reader: JuteReader) => reader.readInt(),
      (reader: JuteReader) => reader.readLong(),
      (reader: JuteReader) => reader.readNullableString(),
      (reader: JuteReader) => reader.readBuffer(),
      (reader: JuteReader) => reader.readVector((from) => from.readString()),
    ];
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 32 }), fc.array(fc.constantFrom(...reads)), (bytes, plan) => {
        const reader = new JuteReader(bytes);
        try {
          for (const read of plan) read(reader);
        } catch (error) {
          expect(error).toBeInstanceOf(ProtocolError);
        }
        expect(reader.offset).toBeLessThanOrEqual(bytes.length);
      }),
      { numRuns: 2000 },
    );
  });
});
