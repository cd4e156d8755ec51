import { describe, expect, test } from 'vitest';

import { ByteSlabs } from '../../../../embedded-server/core/byte-slabs.ts';

function bytesOf(length: number, fill: number): Uint8Array {
  return new Uint8Array(length).fill(fill);
}

describe('copies of short byte strings', () => {
  test('are equal to what they copy, and stay so when that changes', () => {
    const slabs = new ByteSlabs(2048, 512);
    const original = bytesOf(100, 7);
    const copy = slabs.copy(original);
    original.fill(9);
    expect(copy).toEqual(bytesOf(100, 7));
  });

  test('share a buffer without touching each other', () => {
    const slabs = new ByteSlabs(2048, 512);
    const copies = Array.from({ length: 20 }, (_, index) => slabs.copy(bytesOf(100, index)));
    expect(new Set(copies.map(({ buffer }) => buffer)).size).toBe(1);
    for (const [index, copy] of copies.entries()) expect(copy).toEqual(bytesOf(100, index));
  });

  test('begin a new buffer when the last one is full', () => {
    const slabs = new ByteSlabs(250, 200);
    const [first, second, third] = [1, 2, 3].map((fill) => slabs.copy(bytesOf(100, fill)));
    expect(second?.buffer).toBe(first?.buffer);
    expect(third?.buffer).not.toBe(first?.buffer);
    expect(first).toEqual(bytesOf(100, 1));
    expect(third).toEqual(bytesOf(100, 3));
  });

  test.each([0, 1, 64, 513, 5000])('of %i bytes have a buffer of their own', (length) => {
    const slabs = new ByteSlabs(2048, 512);
    const copy = slabs.copy(bytesOf(length, 1));
    expect(copy).toEqual(bytesOf(length, 1));
    expect(copy.buffer.byteLength).toBe(length);
  });
});
