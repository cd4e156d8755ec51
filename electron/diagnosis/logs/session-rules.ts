/** What servers say about sessions and their connections, 3.4 to 3.9. Creation and connections are told at DEBUG from 3.5 on. */
import type { LogRule, LogRules, Told } from './log-rules.ts';
import { hex64 } from './server-story.ts';

const SESSION = '0x([0-9a-f]{1,16})';

function isCreated({ story, atMs, groups: [session = ''] }: Told): void {
  story.tell({ kind: 'session-created', atMs, sessionId: hex64(session), timeoutMs: null, address: null });
}

/** Asked for by the server's client, or by the leader for one that has expired. */
function isClosed({ story, atMs, groups: [session = ''] }: Told): void {
  story.tell({
    kind: 'session-closed',
    atMs,
    sessionId: hex64(session),
    zxid: null,
    ephemerals: [],
    ephemeralCount: null,
    byClient: null,
  });
}

function isDetached(
  told: Told,
  [session = '', address = '']: readonly string[],
  reason: string | null,
): void {
  if (/^0*$/.test(session)) return;
  const { story, atMs } = told;
  const sessionId = hex64(session);
  story.tell({ kind: 'session-detached', atMs, sessionId, address: plainAddress(address), reason });
}

/** Java writes `host/1.2.3.4:5` or `/1.2.3.4:5`. */
function plainAddress(address: string): string | null {
  return address === '' ? null : address.slice(address.lastIndexOf('/') + 1);
}

const HUNG_UP: readonly LogRule[] = [
  {
    begins: 'Unable to read additional data from client',
    pattern: new RegExp(`address = ([^ ,]*),? +session = ${SESSION}`),
    tell: (told) => {
      isDetached(told, told.groups.toReversed(), 'the client hung up');
    },
  },
  {
    begins: 'Unable to read additional data from client',
    pattern: new RegExp(`sessionid ${SESSION}`),
    tell: (told) => {
      isDetached(told, told.groups, 'the client hung up');
    },
  },
];

const CONNECTION_ENDS: readonly LogRule[] = [
  ...HUNG_UP,
  {
    // The exception's own line in 3.6 and later: `EndOfStreamException: Unable to read additional data from client …`
    begins: 'Unexpected exception',
    tell: (told) => {
      const match = new RegExp(`address = ([^ ,]*),? +session = ${SESSION}`).exec(
        told.record.exception ?? '',
      );
      if (match) isDetached(told, [match[2] ?? '', match[1] ?? ''], 'the client hung up');
    },
  },
  {
    begins: 'Closed socket connection for client ',
    pattern: new RegExp(`client ([^ ]+) +which had sessionid ${SESSION}`),
    tell: (told) => {
      isDetached(told, told.groups.toReversed(), null);
    },
  },
  {
    begins: 'Clos',
    pattern: new RegExp(`^(?:Close of|Closing) session ${SESSION}$`),
    tell: onBrokenConnection,
  },
  {
    begins: 'Exception causing close of session ',
    pattern: new RegExp(`session ${SESSION}: (.*)`),
    tell: onBrokenConnection,
  },
];

function onBrokenConnection(told: Told): void {
  const { story, atMs, record } = told;
  const [session = '', inMessage = ''] = told.groups;
  const reason = inMessage === '' ? (record.exception ?? record.message) : inMessage;
  if (/\bLen error\b/.test(reason)) story.onComplaint(atMs, 'buffer-limit', reason);
  isDetached(told, [session], reason);
}

export const SESSION_RULES: LogRules = {
  ZooKeeperServer: [
    {
      begins: 'Established session ',
      pattern: new RegExp(`session ${SESSION} with negotiated timeout \\d+ for client ([^ ]+)`),
      tell({ story, atMs, groups: [session = '', address = ''] }) {
        const sessionId = hex64(session);
        story.tell({
          kind: 'session-attached',
          atMs,
          sessionId,
          address: plainAddress(address),
          reason: null,
        });
      },
    },
    {
      begins: 'Expiring session ',
      pattern: new RegExp(`session ${SESSION}, timeout of (\\d{1,10})ms`),
      tell({ story, atMs, groups: [session = '', timeout = ''] }) {
        story.tell({
          kind: 'session-expired',
          atMs,
          sessionId: hex64(session),
          timeoutMs: Number(timeout),
          lastHeardMs: null,
          bucketMs: null,
        });
      },
    },
    {
      begins: 'Invalid session ',
      pattern: new RegExp(`session ${SESSION} for client ([^ ,]+)`),
      tell({ story, atMs, groups: [session = '', address = ''] }) {
        story.tell({
          kind: 'session-refused',
          atMs,
          sessionId: hex64(session),
          address: plainAddress(address) ?? '',
        });
      },
    },
    {
      begins: 'Authentication failed',
      tell({ story, atMs, record }) {
        story.onComplaint(atMs, 'authentication', record.message);
      },
    },
    quotaRule('Message:'),
    quotaRule('['),
  ],
  LeaderSessionTracker: [
    { begins: 'Committing global session ', pattern: new RegExp(SESSION), tell: isCreated },
  ],
  LearnerSessionTracker: [
    { begins: 'Committing global session ', pattern: new RegExp(SESSION), tell: isCreated },
  ],
  PrepRequestProcessor: [
    { begins: 'Processed session termination for', pattern: new RegExp(SESSION), tell: isClosed },
  ],
  LeaderZooKeeperServer: [
    { begins: 'Submitting global closeSession', pattern: new RegExp(SESSION), tell: isClosed },
  ],
  QuorumZooKeeperServer: [
    { begins: 'Submitting global closeSession', pattern: new RegExp(SESSION), tell: isClosed },
  ],
  NIOServerCnxn: CONNECTION_ENDS,
  NettyServerCnxn: CONNECTION_ENDS,
  NettyServerCnxnFactory: [limitRule('Too many connections')],
  NIOServerCnxnFactory: [limitRule('Too many connections'), limitRule('Message:'), limitRule('[')],
  ServerCnxnFactory: [limitRule('Too many connections')],
  DataTree: [quotaRule('Quota exceeded')],
};

/** What is said often is said with how often: `[3 times] Message: …`, or `Message:… Value:null`. */
function limitRule(begins: string): LogRule {
  return {
    begins,
    pattern: /(Too many connections.*?)(?: Value:.*)?$/,
    tell({ story, atMs, groups: [text = ''] }) {
      story.onComplaint(atMs, 'connection-limit', text);
    },
  };
}

function quotaRule(begins: string): LogRule {
  return {
    begins,
    pattern: /(Quota exceeded.*?)(?: Value:.*)?$/,
    tell({ story, atMs, groups: [text = ''] }) {
      story.onComplaint(atMs, 'quota-exceeded', text);
    },
  };
}
