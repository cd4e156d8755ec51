/** Cutting a stream into frames: the same ones however the network cut it, and never more than the limit. */
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { FrameDecoder, JUTE_MAXBUFFER_DEFAULT } from '../../../../shared/jute/frame-decoder.ts';

function framed(payload: Uint8Array): Buffer {
  const header = Buffer.alloc(4);
  header.writeInt32BE(payload.length);
  return Buffer.concat([header, payload]);
}

function lengthOnly(length: number): Buffer {
  const header = Buffer.alloc(4);
  header.writeInt32BE(length);
  return header;
}

function collect(frameBytesMax = JUTE_MAXBUFFER_DEFAULT): { decoder: FrameDecoder; frames: Uint8Array[] } {
  const frames: Uint8Array[] = [];
  const decoder = new FrameDecoder({ frameBytesMax, onFrame: (frame) => frames.push(frame.slice()) });
  return { decoder, frames };
}

/** Cuts `bytes` at the given places. */
function chunksOf(bytes: Uint8Array, cuts: readonly number[]): Uint8Array[] {
  const places = [...new Set(cuts.map((cut) => cut % (bytes.length + 1)))].sort((a, b) => a - b);
  const chunks: Uint8Array[] = [];
  let start = 0;
  for (const place of [...places, bytes.length]) {
    chunks.push(bytes.subarray(start, place));
    start = place;
  }
  return chunks;
}

describe('frame decoder: chunking', () => {
  test('any cutting of any frames gives the same frames', () => {
    const payloads = fc.array(fc.uint8Array({ maxLength: 40 }), { maxLength: 8 });
    fc.assert(
      fc.property(payloads, fc.array(fc.nat(400), { maxLength: 30 }), (expected, cuts) => {
        const { decoder, frames } = collect();
        for (const chunk of chunksOf(Buffer.concat(expected.map(framed)), cuts)) decoder.push(chunk);
        expect(frames).toEqual(expected);
        expect(decoder.pendingBytes).toBe(0);
      }),
      { numRuns: 1000 },
    );
  });

  test('byte by byte', () => {
    const { decoder, frames } = collect();
    const stream = Buffer.concat([
      framed(Buffer.from('ab')),
      framed(Buffer.alloc(0)),
      framed(Buffer.from('c')),
    ]);
    for (const byte of stream) decoder.push(Uint8Array.of(byte));
    expect(frames.map((frame) => Buffer.from(frame).toString())).toEqual(['ab', '', 'c']);
  });

  test('a whole frame in a chunk is handed on without a copy', () => {
    const chunk = framed(Buffer.from('abc'));
    let seen: Uint8Array | undefined;
    new FrameDecoder({ frameBytesMax: 10, onFrame: (frame) => (seen = frame) }).push(chunk);
    expect(seen?.buffer).toBe(chunk.buffer);
    expect(seen?.byteOffset).toBe(chunk.byteOffset + 4);
  });

  test('what a receiver copies by slice is a copy, also when the chunk is a Buffer', () => {
    const chunk = framed(Buffer.from('abc'));
    let kept: Uint8Array | undefined;
    new FrameDecoder({ frameBytesMax: 10, onFrame: (frame) => (kept = frame.slice()) }).push(chunk);
    chunk.fill(0);
    expect(Buffer.from(kept!).toString()).toBe('abc');
  });

  test('a chunk that is used again after push does not change a frame that it began', () => {
    const { decoder, frames } = collect();
    const chunk = framed(Buffer.from('abcd')).subarray(0, 6);
    decoder.push(chunk);
    chunk.fill(0);
    decoder.push(Buffer.from('cd'));
    expect(Buffer.from(frames[0]!).toString()).toBe('abcd');
  });

  test('pendingBytes counts what is held back', () => {
    const { decoder } = collect();
    decoder.push(Uint8Array.of(0, 0));
    expect(decoder.pendingBytes).toBe(2);
    decoder.push(Uint8Array.of(0, 3, 9));
    expect(decoder.pendingBytes).toBe(1);
    decoder.push(Uint8Array.of(9, 9));
    expect(decoder.pendingBytes).toBe(0);
  });
});

describe('frame decoder: limits', () => {
  test('a frame of exactly the limit passes, one byte more is FRAME_TOO_LARGE', () => {
    const { decoder, frames } = collect(8);
    decoder.push(framed(new Uint8Array(8)));
    expect(frames).toHaveLength(1);
    expect(() => {
      decoder.push(lengthOnly(9));
    }).toThrow(expect.objectContaining({ name: 'ProtocolError', code: 'FRAME_TOO_LARGE' }));
  });

  test.each([-1, -0x8000_0000])('a length of %i is BAD_LENGTH', (length) => {
    const { decoder } = collect();
    expect(() => {
      decoder.push(lengthOnly(length));
    }).toThrow(expect.objectContaining({ name: 'ProtocolError', code: 'BAD_LENGTH' }));
  });

  test('an announced length allocates nothing before it is checked', () => {
    const { decoder } = collect(1024);
    const before = process.memoryUsage().arrayBuffers;
    expect(() => {
      decoder.push(lengthOnly(0x7fff_fff0));
    }).toThrow(expect.objectContaining({ code: 'FRAME_TOO_LARGE' }));
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000);
  });

  test('frames before a bad length are delivered', () => {
    const { decoder, frames } = collect();
    expect(() => {
      decoder.push(Buffer.concat([framed(Buffer.from('ok')), lengthOnly(-5), framed(Buffer.from('no'))]));
    }).toThrow();
    expect(frames).toHaveLength(1);
  });
});

describe('frame decoder: stopping', () => {
  test.each([
    ['within one chunk', [2000]],
    ['when the frame came in pieces', [1, 3, 5, 6]],
  ])('stop inside onFrame ends it %s', (_name, cuts) => {
    const seen: string[] = [];
    const decoder = new FrameDecoder({
      frameBytesMax: 100,
      onFrame: (frame) => {
        seen.push(Buffer.from(frame).toString());
        decoder.stop();
      },
    });
    const stream = Buffer.concat([
      framed(Buffer.from('first')),
      framed(Buffer.from('second')),
      lengthOnly(-1),
    ]);
    for (const chunk of chunksOf(stream, cuts)) decoder.push(chunk);
    decoder.push(framed(Buffer.from('third')));
    expect(seen).toEqual(['first']);
  });

  test('stop between chunks lets go of the frame under way', () => {
    const { decoder, frames } = collect();
    decoder.push(framed(Buffer.from('abcd')).subarray(0, 6));
    decoder.stop();
    expect(decoder.pendingBytes).toBe(0);
    decoder.push(Buffer.from('cd'));
    expect(frames).toEqual([]);
  });
});
