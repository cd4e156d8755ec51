/** Elections in the window: a leader that is killed, logs that Apache wrote, and what if servers stop. */
import path from 'node:path';
import { expect } from 'vitest';
import { readRecording } from '../support/log-text.ts';
import { App } from './pages/app.ts';
import { test } from './support/e2e-test.ts';
import { see, seeNone, textOf } from './support/look.ts';
import { TEXTS, fill, like } from './support/texts.ts';
import { ROOT } from './support/zabra-host.ts';

const FOUND_MS_MAX = 90_000;
const LOGS = path.join(ROOT, 'test/fixtures/logs/five-servers-log4j');

test('a leader is killed: who leads and why, the phases, the messages, the vote, and who was brought level', async ({
  zabra: { app, page },
}) => {
  await app.startLocalEnsemble();
  await app.open('ensembles');
  await see(app.ensembles.verdict('serving'));
  await app.palette.run(app.texts.ensembles.command.killLeader);
  const { election } = app;
  const texts = app.texts.election;

  await app.open('cluster');
  await see(election.explainLast, FOUND_MS_MAX);
  expect(await election.gaps.count()).toBeGreaterThan(0);
  await election.explainLast.click();

  await see(election.title.filter({ hasText: like(texts.title.leader) }));
  expect(await textOf(election.fact(texts.fact.epoch))).toContain('1 → 2');
  expect(await textOf(election.fact(texts.fact.withoutLeader))).toMatch(/\d ?(ms|s)/);
  await see(election.fact(texts.fact.certainty));
  expect(await election.phases.count()).toBe(5);

  await election.messages.focus();
  await page.keyboard.press('End');
  await page.keyboard.press('Home');
  const chosen = election.messages.getByRole('option', { selected: true });
  expect(await chosen.getAttribute('aria-label')).toMatch(/: Server \d /);
  for (const word of ['votes in round', 'LEADERINFO', 'ACKEPOCH', 'DIFF', 'UPTODATE']) {
    await see(election.messages.getByRole('option', { name: word }));
  }
  await election.asTable();
  await see(election.messageTable.getByRole('row').nth(5));

  const winner = /Server (\d)/.exec(await textOf(election.title))?.[1] ?? '';
  expect(await textOf(election.votes.nth(1))).toMatch(new RegExp(`^server ${winner} .* ${texts.vote.won}$`));
  expect(await textOf(election.votes.nth(2))).toContain(texts.vote.lost.leader);
  await see(election.syncs.filter({ hasText: 'DIFF' }));

  await app.languageButton.click();
  const chinese = new App(page, TEXTS['zh-CN']);
  await see(chinese.election.title.filter({ hasText: like(chinese.texts.election.title.leader) }));
  await see(chinese.election.syncs.filter({ hasText: 'DIFF' }));
});

test('logs that Apache wrote: the same elections, by vote, with clocks aligned, chosen and dropped', async ({
  zabra: { app, page },
}) => {
  await app.startLocalEnsemble();
  await app.open('diagnose');
  const { election } = app;
  const texts = app.texts.election;
  await election.openLogs.click();
  await election.chooseLogs([1, 2, 3, 4, 5].map((sid) => path.join(LOGS, `server-${sid}.log.gz`)));
  await see(election.logsSummary);
  const { truth } = readRecording('five-servers-log4j');
  const leaders = truth
    .filter(({ epoch }, index) => truth[index - 1]?.epoch !== epoch)
    .map(({ leader }) => fill(texts.logs.newLeader, { sid: leader }));
  expect(await election.loggedElections.count()).toBe(leaders.length);
  for (const [index, leader] of leaders.entries()) {
    expect(await textOf(election.loggedElections.nth(index))).toContain(leader);
  }
  await election.loggedElections.nth(1).click();
  await see(election.title.filter({ hasText: like(texts.title.leader) }));
  expect(await textOf(election.fact(texts.fact.epoch))).toContain('1 → 2');
  expect(await election.votes.count()).toBe(6);
  expect(await election.loggedServers.count()).toBe(5);
  expect(await textOf(election.loggedServers.nth(1))).toContain('±');

  await election.closeLogs.click();
  await election.openLogs.click();
  const { logs } = readRecording('three-servers-slf4j-simple');
  await election.dropLogs([...logs.values()].map((text) => ({ name: 'zookeeper.log', text })));
  await see(election.logsSummary);
  expect(await election.loggedElections.count()).toBe(4);
  await see(page.getByText(/^zookeeper\.log \(3\):/));
  await election.closeLogs.click();
  await seeNone(election.logsSummary);
});

test('what if servers stop: one may, two lose the quorum, and who would lead is said', async ({
  zabra: { app },
}) => {
  await app.startLocalEnsemble();
  await app.open('cluster');
  const { election } = app;
  const { whatIf } = app.texts.election;
  const outcome = election.whatIf.getByRole('status');
  await see(outcome.filter({ hasText: fill(whatIf.holds, { formatted: 3, total: 3 }) }));
  const goesOn = /Server (\d) goes on leading/;
  const leader = goesOn.exec(await textOf(outcome.filter({ hasText: goesOn })))?.[1];
  expect(leader).toBeDefined();
  await election.runs(Number(leader)).click({ force: true });
  await see(outcome.filter({ hasText: fill(whatIf.holds, { formatted: 2, total: 3 }) }));
  await see(outcome.filter({ hasText: /Server \d would lead/ }));
  await see(outcome.filter({ hasText: whatIf.spareNone }));
  const other = [1, 2, 3].find((sid) => String(sid) !== leader) ?? 1;
  await election.runs(other).click({ force: true });
  await see(outcome.filter({ hasText: fill(whatIf.lost, { formatted: 1, total: 3 }) }));
  await election.whatIf.getByRole('button', { name: whatIf.reset }).click();
  await see(outcome.filter({ hasText: fill(whatIf.holds, { formatted: 3, total: 3 }) }));
});
