/** Which transaction an event is given: only the one that fired it, or none. */
import { expect, test } from 'vitest';
import { DatedEvents, overtakes, zxidSource } from '../../../../../electron/services/watches/dated-events.ts';
import type { EventDto } from '../../../../../shared/api/watches.ts';
import { ConnectionError } from '../../../../../shared/errors.ts';
import type { Stat } from '../../../../../shared/protocol/stat.ts';
import { toZxid } from '../../../../../shared/zxid.ts';

type NodeEvent = 'NodeCreated' | 'NodeDataChanged' | 'NodeDeleted';

/** Events with reads that are answered when a test says so. */
class Scene {
  readonly listed: string[] = [];
  readonly reads = new Map<string, { answer: (stat: Stat | null) => void; fail: (error: Error) => void }>();
  nowMs = 0;
  readonly events = new DatedEvents({
    append: ({ type, path, zxid }: Omit<EventDto, 'seq'>) => this.listed.push(`${type} ${path} ${zxid}`),
    nowMs: () => this.nowMs,
  });

  add(type: NodeEvent, path: string, zxid?: bigint): void {
    this.events.add(
      { atMs: 0, type, path, detail: '' },
      {
        zxid: zxid === undefined ? undefined : toZxid(zxid),
        watched: new Set(['/w']),
        readStat: (asked) =>
          new Promise((answer, fail) => {
            this.reads.set(asked, { answer, fail });
          }),
      },
    );
  }

  async answer(path: string, stat: { czxid?: bigint; mzxid?: bigint; pzxid?: bigint } | null): Promise<void> {
    this.reads.get(path)!.answer(stat as Stat | null);
    await settled();
  }
}

/** Lets promises that are settled call who waits for them. */
const settled = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('the field that the transaction wrote: czxid, mzxid, the pzxid of a parent that is watched too', () => {
  const watched = new Set(['/w']);
  expect(zxidSource({ type: 'NodeCreated', path: '/w/a' }, watched)).toEqual({
    path: '/w/a',
    field: 'czxid',
  });
  expect(zxidSource({ type: 'NodeDataChanged', path: '/w/a' }, watched)?.field).toBe('mzxid');
  expect(zxidSource({ type: 'NodeDeleted', path: '/w/a' }, watched)).toEqual({ path: '/w', field: 'pzxid' });
  expect(zxidSource({ type: 'NodeDeleted', path: '/w' }, watched)).toBeUndefined();
  expect(zxidSource({ type: 'NodeChildrenChanged', path: '/w' }, watched)).toBeUndefined();
});

test('a zxid that the server says is taken, and nothing is read', () => {
  const scene = new Scene();
  scene.add('NodeCreated', '/w/a', 0x1_0000_0007n);
  expect(scene.listed).toEqual(['NodeCreated /w/a 0x100000007']);
  expect(scene.reads.size).toBe(0);
});

test('events keep their order while a Stat is on its way', async () => {
  const scene = new Scene();
  scene.add('NodeCreated', '/w/a');
  scene.add('NodeCreated', '/w/b', 9n);
  expect(scene.listed).toEqual([]);
  await scene.answer('/w/a', { czxid: 8n });
  expect(scene.listed).toEqual(['NodeCreated /w/a 0x8', 'NodeCreated /w/b 0x9']);
});

test('a Stat that another transaction may have written tells nothing', async () => {
  const scene = new Scene();
  scene.add('NodeDataChanged', '/w/a');
  const first = scene.reads.get('/w/a')!;
  scene.add('NodeDataChanged', '/w/a');
  first.answer({ mzxid: 6n } as Stat);
  await scene.answer('/w/a', { mzxid: 6n });
  expect(scene.listed).toEqual(['NodeDataChanged /w/a null', 'NodeDataChanged /w/a 0x6']);
});

test('what overtakes what', () => {
  const data = { type: 'NodeDataChanged', path: '/w/a' } as const;
  const birth = { type: 'NodeCreated', path: '/w/a' } as const;
  expect(overtakes(data, { path: '/w/a', field: 'mzxid' })).toBe(true);
  expect(overtakes(data, { path: '/w/a', field: 'czxid' })).toBe(false);
  expect(overtakes(birth, { path: '/w/a', field: 'czxid' })).toBe(true);
  expect(overtakes(birth, { path: '/w', field: 'pzxid' })).toBe(true);
  expect(overtakes(data, { path: '/w', field: 'pzxid' })).toBe(false);
  expect(overtakes(birth, { path: '/w/b', field: 'mzxid' })).toBe(false);
});

test('no Stat, no zxid: a node that is gone, a connection that is lost, a flush', async () => {
  const scene = new Scene();
  scene.add('NodeCreated', '/w/gone');
  await scene.answer('/w/gone', null);
  scene.add('NodeCreated', '/w/lost');
  scene.reads.get('/w/lost')!.fail(new ConnectionError('CONNECTION_CLOSED', 'lost'));
  await settled();
  scene.add('NodeCreated', '/w/late');
  scene.events.flush();
  await scene.answer('/w/late', { czxid: 5n });
  expect(scene.listed).toEqual([
    'NodeCreated /w/gone null',
    'NodeCreated /w/lost null',
    'NodeCreated /w/late null',
  ]);
});

test('a storm of events is not followed by a storm of reads', () => {
  const scene = new Scene();
  for (let n = 0; n < 200; n++) scene.add('NodeCreated', `/w/${n}`);
  expect(scene.reads.size).toBe(50);
  scene.nowMs = 1_000;
  scene.add('NodeCreated', '/w/later');
  expect(scene.reads.size).toBe(51);
});
