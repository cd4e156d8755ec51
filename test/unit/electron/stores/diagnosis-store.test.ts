/** What the diagnosis found, in SQLite: bounded by age and number, gone with its profile (electron/stores/diagnosis-store.ts). */
import { DatabaseSync } from 'node:sqlite';
import { beforeEach, expect, test } from 'vitest';
import { PROFILE_DEFAULTS } from '../../../../shared/api/connections.ts';
import type { Finding } from '../../../../shared/api/findings.ts';
import { migrate } from '../../../../electron/stores/database.ts';
import { DiagnosisStore } from '../../../../electron/stores/diagnosis-store.ts';
import { MIGRATIONS } from '../../../../electron/stores/migrations.ts';
import { ProfileStore } from '../../../../electron/stores/profile-store.ts';
import {
  END_MS,
  sessionFinding,
  sessionPicture,
  troubleFinding,
} from '../../renderer/diagnose/make-finding.ts';

const DAY_MS = 86_400_000;
const RETENTION = { ageMsMax: 30 * DAY_MS, findingsMax: 2, closedByClientMax: 1 };

let database: DatabaseSync;
let store: DiagnosisStore;
let profiles: ProfileStore;
let connectionId: string;

beforeEach(() => {
  database = new DatabaseSync(':memory:');
  migrate(database, MIGRATIONS);
  profiles = new ProfileStore(database);
  const draft = { ...PROFILE_DEFAULTS, name: 'dev', servers: '127.0.0.1:2181' };
  ({ connectionId } = profiles.insert(draft, { nowMs: 0 }));
  store = new DiagnosisStore(database);
});

const save = (...findings: Finding[]): void => store.save(connectionId, { findings, pictures: [] });
const ids = (): string[] => store.findings(connectionId).map(({ id }) => id);

test('a finding that changes is one; they come back by time', () => {
  const [older, newer] = [troubleFinding(END_MS - DAY_MS), troubleFinding(END_MS)];
  save(newer, older);
  save({ ...newer, confidence: 0.1 });
  expect(store.findings(connectionId)).toEqual([older, { ...newer, confidence: 0.1 }]);
});

test('the oldest go, and what is too old; sessions that clients closed are counted apart', () => {
  const [old, first, second, third] = [40, 3, 2, 1].map((days) => troubleFinding(END_MS - days * DAY_MS));
  const closed = [1, 2].map((minute) =>
    sessionFinding('client-closed', {
      id: `session-ended/0x${minute}`,
      subject: `0x${minute}`,
      at: new Date(END_MS + minute * 60_000).toISOString(),
    }),
  );
  save(old!, first!, second!, third!, ...closed);
  store.prune(connectionId, END_MS, { ...RETENTION, findingsMax: 100, closedByClientMax: 100 });
  expect(ids()).not.toContain(old!.id);
  store.prune(connectionId, END_MS, RETENTION);
  expect(ids()).toEqual([second!.id, third!.id, 'session-ended/0x2']);
});

test('the picture of a session goes with its finding', () => {
  const finding = sessionFinding('client-gone');
  store.save(connectionId, { findings: [finding], pictures: [sessionPicture()] });
  store.prune(connectionId, END_MS, RETENTION);
  expect(store.picture(connectionId, finding.subject)).toEqual(sessionPicture());
  store.prune(connectionId, END_MS + 60 * DAY_MS, RETENTION);
  expect(store.picture(connectionId, finding.subject)).toBeUndefined();
});

test('elections say until when somebody watched; everything goes with the profile', () => {
  const record = { elections: [], ribbon: [{ leader: 1, epoch: 1, fromMs: 5, toMs: null }] };
  store.saveElections(connectionId, { record, seenMs: 10 });
  store.seeElections(connectionId, 20.7);
  expect(store.elections(connectionId)).toEqual({ record, seenMs: 20 });
  save(troubleFinding(END_MS));
  profiles.delete(connectionId);
  expect(ids()).toEqual([]);
  expect(store.elections(connectionId)).toBeUndefined();
});

test('what this version does not understand counts as not kept', () => {
  save(troubleFinding(END_MS));
  database.prepare(`UPDATE findings SET finding = '{"id":"x"}'`).run();
  expect(ids()).toEqual([]);
});
