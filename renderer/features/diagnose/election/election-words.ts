/** What an election's models say, in the person's language. */
import type { VoteVerdict } from '../../../../shared/api/server-events.ts';
import { assertNever } from '../../../../shared/assert.ts';
import { formatCount, formatTimeOfDay, formatZxidHex } from '../../../app/format.ts';
import type { Format } from '../../../app/use-format.ts';
import type { Texts } from '../../../i18n/i18n.ts';
import type { Badge, DiagramRow, Link, Message, MessageRow, Note } from './diagram-model.ts';
import type { ElectionAnswer } from './election-answer.ts';
import type { LeaderLoss } from './leader-loss.ts';

export interface Words {
  readonly t: Texts;
  readonly format: Format;
}

const LISTS = {
  en: new Intl.ListFormat('en-GB', { type: 'conjunction' }),
  'zh-CN': new Intl.ListFormat('zh-CN', { type: 'conjunction' }),
};

/** `servers 1 and 3` */
export function serversText(sids: readonly number[], { t, format }: Words): string {
  return t('election:serversCount', {
    count: sids.length,
    list: LISTS[format.language].format(sids.map(String)),
  });
}

function upper(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

export function titleOf(answer: ElectionAnswer, startMs: number, words: Words): string {
  const { t } = words;
  const { winner: sid, sinceMs, wonBy, isUncontested, traced } = answer;
  if (sid === null || sinceMs === null) {
    return t('election:title.nobody', { servers: serversText(traced, words), time: clock(startMs) });
  }
  const values = { sid, time: clock(sinceMs) };
  if (wonBy !== null) return t(`election:title.${wonBy}`, values);
  return t(isUncontested ? 'election:title.uncontested' : 'election:title.votesHidden', values);
}

/** What started it, who elected whom, and the logs that decided. */
export function storyOf(
  answer: ElectionAnswer,
  {
    loss,
    cause,
    electionMs,
  }: { loss: LeaderLoss | null; cause: LeaderLoss['cause']; electionMs: number | null },
  words: Words,
): string {
  const { t, format } = words;
  const { winner: sid, epoch, previousEpoch, electors, logs } = answer;
  const parts: string[] = [];
  if (loss !== null) {
    const reign =
      previousEpoch === null
        ? t('election:reign.unknown')
        : t('election:reign.epoch', { epoch: previousEpoch });
    parts.push(t(`election:cause.${loss.cause}`, { sid: loss.sid, reign, time: formatTimeOfDay(loss.atMs) }));
  } else if (cause === 'first-start') parts.push(t('election:cause.first-start'));
  if (sid !== null && electors.length > 0 && electionMs !== null) {
    const inEpoch = epoch === null ? '' : t('election:forEpoch', { epoch });
    const elected = t('election:elected', {
      voters: upper(serversText(electors, words)),
      sid,
      inEpoch,
      duration: format.duration(electionMs),
    });
    const because =
      logs === null
        ? t('election:end')
        : t('election:because', {
            winner: formatZxidHex(logs.winner),
            other: logs.other,
            others: formatZxidHex(logs.others),
          });
    parts.push(elected + because);
  }
  return parts.join(format.language === 'zh-CN' ? '' : ' ');
}

/** `12:03:51`: to the second, for sentences. */
export function clock(atMs: number): string {
  return formatTimeOfDay(atMs).slice(0, 8);
}

export function labelOf(row: MessageRow, words: Words): string {
  const { t } = words;
  const label = messageLabel(row.message, words);
  const times = Math.max(...row.links.map(({ count }) => count));
  return times > 1 ? t('election:diagram.times', { label, formatted: formatCount(times) }) : label;
}

function messageLabel(message: Message, { t }: Words): string {
  switch (message.kind) {
    case 'vote': {
      const { vote, fromState } = message;
      if (vote === null) return t('election:diagram.voteNone');
      const { leader, zxid } = vote;
      return fromState === 'LOOKING'
        ? t('election:diagram.vote', { leader, zxid: formatZxidHex(zxid) })
        : t('election:diagram.settled', { state: fromState, leader });
    }
    case 'FOLLOWERINFO':
      return t('election:diagram.followerInfo');
    case 'LEADERINFO':
      return message.epoch === null
        ? t('election:diagram.leaderInfoBare')
        : t('election:diagram.leaderInfo', { epoch: message.epoch });
    case 'ACKEPOCH':
      return t('election:diagram.ackEpoch');
    case 'sync':
      return message.toZxid === null
        ? t('election:diagram.sync', { mode: message.mode })
        : t('election:diagram.syncTo', { mode: message.mode, zxid: formatZxidHex(message.toZxid) });
    case 'NEWLEADER':
      return message.epoch === null
        ? t('election:diagram.newLeaderBare')
        : t('election:diagram.newLeader', { zxid: `0x${message.epoch.toString(16)}_00000000` });
    case 'ACK':
      return t('election:diagram.ack');
    case 'UPTODATE':
      return t('election:diagram.upToDate');
    default:
      return assertNever(message);
  }
}

function noteText(note: Note, { t, format }: Words): string {
  switch (note.kind) {
    case 'waits':
      return t('election:note.waits', {
        count: note.backers,
        formatted: formatCount(note.backers),
        duration: format.duration(note.ms),
      });
    case 'epoch-agreed':
      return t('election:note.epoch-agreed', { epoch: note.epoch });
    case 'serves':
      return note.epoch === null
        ? t('election:note.servesBare')
        : t('election:note.serves', { epoch: note.epoch });
    default:
      return assertNever(note);
  }
}

/** What became of a vote, by whoever heard it: `1: better, taken over; 2, 4: same vote`. */
function verdictsText({ links }: MessageRow, { t }: Words): string | null {
  const sids = new Map<VoteVerdict, number[]>();
  for (const { verdict, to } of links) {
    if (verdict !== null)
      sids.set(
        verdict,
        [...(sids.get(verdict) ?? []), to].sort((x, y) => x - y),
      );
  }
  const texts = [...sids].map(([verdict, some]) =>
    t('election:verdictOf', { sid: some.join(', '), verdict: t(`election:verdict.${verdict}`) }),
  );
  return texts.length === 0 ? null : texts.join('; ');
}

/** Beside the arrows of a row: what it led to, else what became of it. */
export function besideText(row: DiagramRow, words: Words): string | null {
  if (row.kind === 'badges') return null;
  return row.note === null ? verdictsText(row, words) : noteText(row.note, words);
}

/** A row as sentences with its time: what a screen reader reads, and what is shown of the chosen one. */
export function sentenceOf(row: DiagramRow, loss: LeaderLoss | null, words: Words): string {
  const sentence = statementOf(row, loss, words);
  if (row.kind === 'message' && row.isImplied) return words.t('election:sentence.implied', { sentence });
  return words.t('election:sentence.at', { time: formatTimeOfDay(row.atMs), sentence });
}

/** Without its time. */
export function statementOf(row: DiagramRow, loss: LeaderLoss | null, words: Words): string {
  if (row.kind === 'message') {
    return row.message.kind === 'vote'
      ? voteSentence(row, row.message, words)
      : protocolSentence(row, row.message, words);
  }
  const what = row.badges.map((badge) => badgeSentence(badge, loss, words));
  const list = LISTS[words.format.language].format(what);
  return words.t('election:sentence.badge', { what: upper(list) });
}

function badgeSentence({ sid, state }: Badge, loss: LeaderLoss | null, { t }: Words): string {
  return state === 'loss'
    ? t('election:sentence.lossOf', { sid, what: t(`election:loss.${loss?.cause ?? 'unknown'}`) })
    : t('election:sentence.badgeOf', { sid, state });
}

function voteSentence(
  { links }: MessageRow,
  { vote, round, fromState }: Extract<Message, { kind: 'vote' }>,
  { t }: Words,
): string {
  const from = links[0]?.from ?? 0;
  const said =
    vote === null
      ? t('election:sentence.voteNone', { from, round })
      : fromState === 'LOOKING'
        ? t('election:sentence.vote', {
            from,
            round,
            leader: vote.leader,
            peerEpoch: vote.peerEpoch,
            zxid: formatZxidHex(vote.zxid),
          })
        : t('election:sentence.settled', {
            from,
            round,
            state: fromState,
            leader: vote.leader,
            peerEpoch: vote.peerEpoch,
          });
  return [said, ...links.map((link) => linkSentence(link, t))].join(' ');
}

function linkSentence({ to, verdict, count }: Link, t: Texts): string {
  if (verdict === null) return t('election:sentence.unheard', { to });
  const text = t(`election:verdict.${verdict}`);
  return count === 1
    ? t('election:sentence.heard', { to, verdict: text })
    : t('election:sentence.heardTimes', { to, verdict: text, formatted: formatCount(count) });
}

function protocolSentence(
  { links }: MessageRow,
  message: Exclude<Message, { kind: 'vote' }>,
  words: Words,
): string {
  const { t } = words;
  const from = links[0]?.from ?? 0;
  const [many, one] = [
    serversText(
      links.map((link) => link.from),
      words,
    ),
    links[0]?.to ?? 0,
  ];
  const to = serversText(
    links.map((link) => link.to),
    words,
  );
  switch (message.kind) {
    case 'FOLLOWERINFO':
      return t('election:sentence.followerInfo', { from: many, to: one });
    case 'LEADERINFO':
      return message.epoch === null
        ? t('election:sentence.leaderInfoBare', { from, to })
        : t('election:sentence.leaderInfo', { from, to, epoch: message.epoch });
    case 'ACKEPOCH':
      return t('election:sentence.ackEpoch', { from: many, to: one });
    case 'sync':
      return message.fromZxid === null || message.toZxid === null
        ? t('election:sentence.sync', { from, to, mode: message.mode })
        : t('election:sentence.syncRange', {
            from,
            to,
            mode: message.mode,
            fromZxid: formatZxidHex(message.fromZxid),
            toZxid: formatZxidHex(message.toZxid),
          });
    case 'NEWLEADER':
      return t('election:sentence.newLeader', { from, to });
    case 'ACK':
      return t('election:sentence.ack', { from: many, to: one });
    case 'UPTODATE':
      return t('election:sentence.upToDate', { from, to });
    default:
      return assertNever(message);
  }
}
