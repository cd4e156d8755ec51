/** What builtin servers told during elections, recorded for tests (test/fixtures/events). */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import { ServerEventDto } from '../../shared/api/server-events.ts';

const FOLDER = path.resolve(import.meta.dirname, '../fixtures/events');

/** In the order of time. */
export function readEvents(name: 'three-servers-builtin' | 'five-servers-builtin'): ServerEventDto[] {
  const text = gunzipSync(readFileSync(path.join(FOLDER, `${name}.jsonl.gz`))).toString();
  const lines = text.split('\n').filter((line) => line !== '');
  return lines.map((line) => ServerEventDto.parse(JSON.parse(line)));
}
