/** The expiry autopsy as geometry (autopsy-model.ts), and what speaks against the causes that were not it (considered.ts). */
import { describe, expect, it } from 'vitest';
import type { SessionPicture } from '../../../../shared/api/diagnosis.ts';
import { autopsyOf, ticksOf } from '../../../../renderer/features/diagnose/session/autopsy-model.ts';
import { considerCauses } from '../../../../renderer/features/diagnose/session/considered.ts';
import type { SessionFinding } from '../../../../renderer/features/diagnose/finding-words.ts';
import { END_MS, sessionPicture } from './make-finding.ts';

const autopsy = (changes: Partial<SessionPicture> = {}): ReturnType<typeof autopsyOf> =>
  autopsyOf(sessionPicture(changes), END_MS);

const WITHOUT_EXPIRY: Partial<SessionPicture> = { expiry: null };

describe('autopsy', () => {
  it('the silence begins with what the leader heard last, exactly', () => {
    expect(autopsy()).toMatchObject({
      lastHeard: { atMs: END_MS - 10_202, isExact: true },
      silence: { fromMs: END_MS - 10_202, toMs: END_MS },
    });
  });
  it('without a leader that tells it begins with the last sign of life, which a poll knows about only', () => {
    const polled = [{ atMs: END_MS - 9000, by: 'poll', withinMs: 2000 }] as const;
    expect(autopsy({ ...WITHOUT_EXPIRY, heard: [...polled] }).lastHeard).toEqual({
      atMs: END_MS - 9000,
      isExact: false,
    });
    expect(autopsy({ ...WITHOUT_EXPIRY, heard: [] }).silence).toBeNull();
  });
  it('who closes its session was not silent', () => {
    expect(autopsy({ end: { atMs: END_MS, byClient: true, zxid: null } }).silence).toBeNull();
  });
  it('the timer is wound up by signs of life, and runs down to nothing before the end', () => {
    const { timer } = autopsy();
    expect(timer.map(({ atMs, leftMs }) => [atMs - END_MS, leftMs])).toEqual([
      [-16_000, 10_000],
      [-13_000, 7000],
      [-13_000, 10_000],
      [-10_202, 7202],
      [-10_202, 10_000],
      [-202, 0],
      [0, 0],
    ]);
    expect(autopsy({ timeoutMs: null }).timer).toEqual([]);
  });
  it('the axis shows the silence and time around it, and a client that comes back', () => {
    const { axis } = autopsy();
    expect(axis.fromMs).toBeLessThan(END_MS - 10_202 - 5000);
    expect(axis.toMs).toBeGreaterThan(END_MS + 1000);
    const back = autopsy({ refusals: [{ atMs: END_MS + 4000, sid: 2 }] });
    expect(back.backMs).toBe(END_MS + 4000);
    expect(back.axis.toMs).toBeGreaterThan(END_MS + 4000);
  });
  it('a connection that went with the session had not ended before it', () => {
    const [connection] = sessionPicture().connections;
    const endedAt = (endedMs: number): number | null =>
      autopsy({ connections: [{ ...connection!, endedMs }] }).connectionEndMs;
    expect(endedAt(END_MS - 5)).toBeNull();
    expect(endedAt(END_MS - 9000)).toBe(END_MS - 9000);
  });
  it('lanes are of its server and the leader; what stood still is where it stood still', () => {
    const { own, leader, elections } = autopsy({
      coincidences: [
        { kind: 'fsync', sid: 3, fromMs: END_MS - 6912, toMs: END_MS - 6000 },
        { kind: 'election', fromMs: END_MS - 17_900, toMs: END_MS - 17_600, leader: 3, epoch: 5 },
        {
          kind: 'server-lost',
          sid: 1,
          server: '127.0.0.1:2181',
          standing: 'silent',
          fromMs: END_MS - 4000,
          toMs: null,
        },
      ],
    });
    expect(own).toMatchObject({ sid: 1, blocks: [], losses: [{ standing: 'silent' }] });
    expect(leader).toMatchObject({ sid: 3, blocks: [{ kind: 'fsync' }], losses: [] });
    expect(elections).toHaveLength(1);
  });
  it('its server is said to lead only where somebody told who led', () => {
    const reign = { leader: 1, epoch: 5, fromMs: END_MS - 60_000, toMs: null };
    expect(autopsy({ reigns: [reign] }).ownLeads).toBe(true);
    expect(autopsy({ reigns: [{ ...reign, leader: 3 }] }).ownLeads).toBe(false);
    expect(autopsy({ reigns: [{ ...reign, toMs: END_MS - 5000 }] }).ownLeads).toBe(false);
    expect(autopsy().ownLeads).toBe(false);
  });
  it('ticks are round times, as many as fit', () => {
    const ticks = ticksOf({ fromMs: 12_300, toMs: 41_000 }, 8);
    expect(ticks).toEqual([15_000, 20_000, 25_000, 30_000, 35_000, 40_000]);
  });
});

describe('causes considered', () => {
  const consider = (
    cause: SessionFinding['cause'],
    changes: Partial<SessionPicture> = {},
  ): Record<string, string> => {
    const picture = sessionPicture(changes);
    const considered = considerCauses({ cause }, picture, autopsyOf(picture, END_MS));
    return Object.fromEntries(
      considered.map(({ cause: each, verdict }) => [
        each,
        verdict.kind === 'found'
          ? 'found'
          : verdict.kind === 'out'
            ? verdict.reason.kind
            : `open: ${verdict.reason}`,
      ]),
    );
  };

  it('a silent client: the server answered others, and nobody closed it', () => {
    expect(consider('client-silent')).toEqual({
      'client-silent': 'found',
      'client-gone': 'stayedOpen',
      'moved-too-late': 'neverBack',
      'server-lost': 'serverAnswered',
      'leader-stalled': 'open: notSeen',
      'client-closed': 'notClosed',
      'ended-by-admin': 'notClosed',
    });
  });
  it('what was found is first, and what is open is last', () => {
    const picture = sessionPicture();
    const kinds = considerCauses({ cause: 'client-gone' }, picture, autopsyOf(picture, END_MS)).map(
      ({ verdict }) => verdict.kind,
    );
    expect(kinds[0]).toBe('found');
    expect(kinds.at(-1)).toBe('open');
  });
  it('a server that did not answer for a while is not ruled out, nor is anything while Zabra stood still', () => {
    const lost = {
      kind: 'server-lost',
      sid: 1,
      server: '127.0.0.1:2181',
      standing: 'silent',
      fromMs: END_MS - 9000,
      toMs: END_MS - 8000,
    } as const;
    expect(consider('client-silent', { coincidences: [lost] })['server-lost']).toBe('open: wasLost');
    const stall = { kind: 'own-stall', fromMs: END_MS - 3000, toMs: END_MS - 2000 } as const;
    expect(consider('client-silent', { coincidences: [stall] })['server-lost']).toBe('open: stalled');
  });
  it('a leader that stood still only delays an expiry', () => {
    const stall = { kind: 'stall', sid: 3, fromMs: END_MS - 3000, toMs: END_MS - 2000 } as const;
    expect(consider('client-silent', { coincidences: [stall] })['leader-stalled']).toBe('onlyDelays');
  });
  it('where nobody saw its connection nothing is ruled out by it', () => {
    const unseen = consider('unknown', { connections: [], servers: [] });
    expect(unseen).toMatchObject({
      'client-gone': 'open: notSeen',
      'client-silent': 'open: notSeen',
      'server-lost': 'open: notSeen',
      'client-closed': 'notClosed',
    });
  });
  it('a close by the client rules out all that ends by a timeout', () => {
    const closed = consider('client-closed', { end: { atMs: END_MS, byClient: true, zxid: null } });
    expect(closed).toMatchObject({
      'client-closed': 'found',
      'client-gone': 'closed',
      'server-lost': 'closed',
      'ended-by-admin': 'ownClose',
    });
  });
});
