/**
 * Hostile files at the reader of logs: whatever bytes come, it reads to the end, every event keeps to the contract, and the
 * elections of it can be told. Bytes are random, or a recorded log that was cut, swapped and spoilt.
 */
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';

import { recordElections } from '../../electron/diagnosis/elections.ts';
import { readLogs } from '../../electron/diagnosis/logs/read-logs.ts';
import { ServerEventDto } from '../../shared/api/server-events.ts';
import { RECORDINGS, logFile, readRecording } from '../support/log-text.ts';
import { Prng, fuzzSeed } from './prng.ts';

const ROUNDS = Number(process.env['ZABRA_FUZZ_LOGS'] ?? 300);
const RANDOM_BYTES_MAX = 4000;
const SPOILT_BYTES = 20_000;

const seed = fuzzSeed();
const recorded = RECORDINGS.flatMap((name) => [...readRecording(name).logs.values()]).map((log) =>
  Buffer.from(log),
);

function randomBytes(prng: Prng): Buffer {
  return Buffer.from(Array.from({ length: prng.below(RANDOM_BYTES_MAX) }, () => prng.below(256)));
}

/** A part of a recorded log, with bytes changed, lines swapped, numbers blown up. */
function spoilt(prng: Prng): Buffer {
  const log = recorded[prng.below(recorded.length)] ?? Buffer.alloc(0);
  const start = prng.below(log.length);
  const part = Buffer.from(log.subarray(start, start + SPOILT_BYTES));
  for (let count = prng.below(200); count > 0 && part.length > 0; count--)
    part[prng.below(part.length)] = prng.below(256);
  const lines = part.toString('latin1').split('\n');
  for (let count = prng.below(10); count > 0; count--) {
    const [one, other] = [prng.below(lines.length), prng.below(lines.length)];
    [lines[one], lines[other]] = [lines[other] ?? '', lines[one] ?? ''];
  }
  const text = lines.join('\n');
  return Buffer.from(prng.chance(0.3) ? text.replaceAll(/0x[0-9a-f]+/g, blownUp(prng)) : text, 'latin1');
}

function blownUp(prng: Prng): string {
  return ['0xffffffffffffffff', '0x8000000000000000', `0x${'9'.repeat(40)}`, '0x'][prng.below(4)] ?? '0x';
}

function hostile(prng: Prng): Buffer {
  const bytes = prng.chance(0.3) ? randomBytes(prng) : spoilt(prng);
  if (!prng.chance(0.2)) return bytes;
  const packed = gzipSync(bytes);
  if (prng.chance(0.5)) packed[prng.below(packed.length)] = prng.below(256);
  return packed.subarray(0, 1 + prng.below(packed.length));
}

test(`fuzz: logs: no bytes break the reader (seed=${seed})`, async () => {
  const prng = new Prng(seed);
  let eventCount = 0;
  for (let round = 0; round < ROUNDS; round++) {
    const files = Array.from({ length: 1 + prng.below(3) }, (_, index) => {
      return logFile(hostile(prng), {
        name: `file-${index}`,
        sid: prng.chance(0.5) ? index : undefined,
        pieceBytes: 1 + prng.below(5000),
      });
    });
    const { events } = await readLogs(files, { timeZone: 'UTC' });
    for (const event of events) ServerEventDto.parse(event);
    recordElections(events);
    eventCount += events.length;
  }
  // Otherwise all of it was noise, and nothing was tested.
  expect(eventCount).toBeGreaterThan(ROUNDS);
});
