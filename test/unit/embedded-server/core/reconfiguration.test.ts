/** What a reconfig makes of a configuration, and what it refuses (PROTOCOL.md 2.15, 7.2). */
import { expect, test } from 'vitest';

import { parseEnsembleText } from '../../../../embedded-server/core/ensemble-config.ts';
import { planReconfiguration } from '../../../../embedded-server/core/reconfiguration.ts';
import { ErrorCode } from '../../../../shared/protocol/error-code.ts';
import type { ReconfigRequest } from '../../../../shared/protocol/reconfig.ts';

const CURRENT = parseEnsembleText(
  [
    'server.1=a:1:2:participant;0.0.0.0:2181',
    'server.2=b:1:2:participant',
    'server.3=c:1:2:observer',
    'version=100000000',
  ].join('\n'),
);
const HIERARCHICAL = parseEnsembleText('server.2=b:1:2\nserver.1=a:1:2\ngroup.1=2:1\nweight.2=3\nversion=5');

function plan(changes: Partial<ReconfigRequest>, current = CURRENT): string | number {
  const request = {
    joiningServers: null,
    leavingServers: null,
    newMembers: null,
    curConfigId: -1n,
    ...changes,
  };
  const planned = planReconfiguration({ current, request, version: 0x1_0000_0007n });
  return typeof planned === 'number' ? planned : planned.text;
}

test('reconfiguration: servers join and leave, all others stay', () => {
  const joiningServers = 'server.4=d:1:2:participant;2184, server.3=c:1:2:participant;[::1]:2183';
  expect(plan({ joiningServers, leavingServers: '2,9' })).toBe(
    [
      'server.1=a:1:2:participant;0.0.0.0:2181',
      'server.3=c:1:2:participant;[::1]:2183',
      'server.4=d:1:2:participant;0.0.0.0:2184',
      'version=100000007',
    ].join('\n'),
  );
});

test.each([
  ['server.1=a:1:2:participant;2181,server.2=b:1:2:observer', 'commas'],
  ['server.1=a:1:2:participant;2181\nserver.2=b:1:2:observer\n', 'lines'],
])('reconfiguration: a bulk change replaces everybody, its members apart by %s', (newMembers) => {
  expect(plan({ newMembers })).toBe(
    'server.1=a:1:2:participant;0.0.0.0:2181\nserver.2=b:1:2:observer\nversion=100000007',
  );
});

test('reconfiguration: groups and weights come in bulk, and are written as Apache writes them', () => {
  const newMembers =
    'server.3=c:1:2,server.1=a:1:2,server.2=b:1:2,group.2=3,group.1=2:1,weight.3=2,server.9=z:1:2:observer';
  expect(plan({ newMembers }, HIERARCHICAL)).toBe(
    [
      'server.1=a:1:2:participant',
      'server.2=b:1:2:participant',
      'server.3=c:1:2:participant',
      'server.9=z:1:2:observer',
      'group.1=1:2',
      'group.2=3',
      'weight.1=1',
      'weight.2=1',
      'weight.3=2',
      'version=100000007',
    ].join('\n'),
  );
});

test.each<[string, Partial<ReconfigRequest>, number]>([
  ['a line without a client port', { joiningServers: 'server.4=d:1:2:participant' }, ErrorCode.BADARGUMENTS],
  ['a line without an election port', { joiningServers: 'server.4=d:1;2181' }, ErrorCode.BADARGUMENTS],
  ['no line at all', { joiningServers: 'server.4' }, ErrorCode.BADARGUMENTS],
  ['one port for two purposes', { joiningServers: 'server.4=d:1:1;2184' }, ErrorCode.BADARGUMENTS],
  ['an address of another server', { joiningServers: 'server.4=b:3:1;2184' }, ErrorCode.BADARGUMENTS],
  ['a port above all', { joiningServers: 'server.4=d:1:65536;2184' }, ErrorCode.BADARGUMENTS],
  ['no number to join', { joiningServers: 'server.x=d:1:2;2184' }, ErrorCode.MARSHALLINGERROR],
  ['no number to leave', { leavingServers: 'two' }, ErrorCode.MARSHALLINGERROR],
  ['the last participants leave', { leavingServers: '1,2' }, ErrorCode.BADARGUMENTS],
  ['a key that is no member', { newMembers: 'server.1=a:1:2,tickTime=1' }, ErrorCode.BADARGUMENTS],
  ['a voter in no group', { newMembers: 'server.1=a:1:2,server.2=b:1:2,group.1=1' }, ErrorCode.BADARGUMENTS],
])('reconfiguration: refuses %s', (_, changes, code) => {
  expect(plan(changes)).toBe(code);
});

test('reconfiguration: quorums by groups cannot be changed one server at a time', () => {
  expect(plan({ leavingServers: '1' }, HIERARCHICAL)).toBe(ErrorCode.BADARGUMENTS);
});
