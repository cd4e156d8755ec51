/** Snapshot files: what Apache 3.8.0 wrote, pieces of any size, cut anywhere, flipped anywhere, trailers old and new. */
import { readFileSync } from 'node:fs';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

import { OPEN_ACL_UNSAFE } from '../../../../shared/acl.ts';
import { AppError } from '../../../../shared/errors.ts';
import { toSessionId } from '../../../../shared/ids.ts';
import { JuteWriter } from '../../../../shared/jute/writer.ts';
import { ADLER32_START, updateAdler32 } from '../../../../shared/storage-format/adler32.ts';
import type {
  SnapshotAcl,
  SnapshotNode,
  SnapshotSession,
} from '../../../../shared/storage-format/snapshot-body.ts';
import {
  SnapshotDecoder,
  type SnapshotDigest,
  SnapshotEncoder,
} from '../../../../shared/storage-format/snapshot-file.ts';
import { toZxid } from '../../../../shared/zxid.ts';

interface Content {
  readonly sessions: SnapshotSession[];
  readonly acls: SnapshotAcl[];
  readonly nodes: SnapshotNode[];
}

function decode(
  bytes: Uint8Array,
  pieceBytes = bytes.length,
): Content & { digest: SnapshotDigest | undefined } {
  const content: Content = { sessions: [], acls: [], nodes: [] };
  const decoder = new SnapshotDecoder({
    onSession: (session) => content.sessions.push(session),
    onAcl: (acl) => content.acls.push(acl),
    onNode: (node) => content.nodes.push(node),
  });
  for (let at = 0; at < bytes.length; at += pieceBytes) decoder.push(bytes.subarray(at, at + pieceBytes));
  return { ...content, digest: decoder.end() };
}

function encode(content: Content, digest: SnapshotDigest | undefined): Uint8Array {
  const encoder = new SnapshotEncoder();
  encoder.begin(content);
  const pieces: Uint8Array[] = [];
  for (const node of content.nodes) {
    encoder.node(node);
    pieces.push(encoder.take());
  }
  pieces.push(encoder.end(digest));
  return Buffer.concat(pieces);
}

function apacheSnapshot(name: string): Buffer {
  return readFileSync(
    new URL(`../../../fixtures/data-folder/apache-3.8.0/version-2/${name}`, import.meta.url),
  );
}

const long = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n });
const int = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 });
const anyNode = fc.record({
  path: fc.string({ unit: 'grapheme', maxLength: 20 }).map((text) => `/x${text}`),
  data: fc.option(fc.uint8Array({ maxLength: 200 })),
  aclId: long,
  stat: fc.record({
    czxid: long.map(toZxid),
    mzxid: long.map(toZxid),
    ctime: long,
    mtime: long,
    version: int,
    cversion: int,
    aversion: int,
    ephemeralOwner: long.map(toSessionId),
    pzxid: long.map(toZxid),
  }),
});
const anyContent = fc.record({
  sessions: fc.array(fc.record({ sessionId: long.map(toSessionId), timeoutMs: int }), { maxLength: 5 }),
  acls: fc.array(fc.record({ aclId: long, acl: fc.constant(OPEN_ACL_UNSAFE) }), { maxLength: 5 }),
  nodes: fc.array(anyNode, { maxLength: 12 }),
});
const anyDigest = fc.option(
  fc.record({ zxid: long.map(toZxid), version: fc.constant(2), treeDigest: long }),
  { nil: undefined },
);

describe('snapshot file: Apache', () => {
  test.each(['snapshot.0', 'snapshot.8', 'snapshot.22'])(
    '%s is read, and written again byte for byte',
    (name) => {
      const bytes = apacheSnapshot(name);
      const { digest, ...content } = decode(bytes);
      expect(digest).toBeDefined();
      expect(Buffer.from(encode(content, digest))).toEqual(bytes);
    },
  );

  test('a file that ends at any byte but behind a seal is refused', () => {
    const bytes = apacheSnapshot('snapshot.8');
    const whole: number[] = [];
    for (let length = 0; length <= bytes.length; length++) {
      try {
        decode(bytes.subarray(0, length), 4096);
        whole.push(length);
      } catch (error) {
        expect(error).toBeInstanceOf(AppError);
      }
    }
    // Behind the body's seal: digests are off there. Digest and its seal take 20 and 13 bytes.
    expect(whole).toEqual([bytes.length - 33, bytes.length]);
  });

  test('a flipped bit anywhere is found', () => {
    const bytes = apacheSnapshot('snapshot.0');
    for (let bit = 0; bit < bytes.length * 8; bit++) {
      const flipped = Uint8Array.from(bytes);
      flipped[bit >> 3] = (flipped[bit >> 3] ?? 0) ^ (1 << (bit & 7));
      expect(() => decode(flipped), `bit ${bit}`).toThrow(AppError);
    }
  });
});

describe('snapshot file: content', () => {
  test('anything survives, read in pieces of any size', () => {
    fc.assert(
      fc.property(anyContent, anyDigest, fc.integer({ min: 1, max: 300 }), (content, digest, pieceBytes) => {
        const bytes = encode(content, digest);
        expect(decode(bytes, pieceBytes)).toEqual({ ...content, digest });
      }),
      { numRuns: 200 },
    );
  });

  test("3.9's trailer is read over, and so is what comes behind it", () => {
    const base = encode(
      { sessions: [], acls: [], nodes: [] },
      { zxid: toZxid(7n), version: 2, treeDigest: 9n },
    );
    const writer = new JuteWriter();
    writer.writeRaw(base);
    writer.writeLong(7n);
    const sealed = updateAdler32(ADLER32_START, writer.finish());
    writer.writeLong(BigInt(sealed));
    writer.writeString('/');
    expect(decode(writer.finish()).digest?.treeDigest).toBe(9n);
    writer.writeLong(0x0123_4567_89ab_cdefn);
    expect(decode(writer.finish()).digest?.treeDigest).toBe(9n);
  });

  test('a record that never ends is not waited for without end', () => {
    const encoder = new SnapshotEncoder();
    encoder.begin({ sessions: [], acls: [] });
    const writer = new JuteWriter();
    writer.writeRaw(encoder.take());
    writer.writeInt(0x7fff_ffff);
    const sink = { onSession: () => undefined, onAcl: () => undefined, onNode: () => undefined };
    const decoder = new SnapshotDecoder(sink, 1_000_000);
    decoder.push(writer.finish());
    const zeros = new Uint8Array(400_000);
    decoder.push(zeros);
    decoder.push(zeros);
    expect(() => {
      decoder.push(zeros);
    }).toThrow(expect.objectContaining({ code: 'CORRUPT' }));
  });
});
