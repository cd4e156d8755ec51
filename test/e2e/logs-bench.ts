/**
 * `npm run bench:logs-window [-- --lines N]`: how long a log of a million lines takes to open in the window, plain and gzip, one
 * server's and those of three: from choosing the files to the elections on screen. Needs the built page.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { OPEN_SECONDS_MAX, writeLog } from '../bench/long-logs.ts';
import { App } from './pages/app.ts';
import { launchChromium } from './support/chromium.ts';
import { formatFigures, measureFrames } from './support/frame-meter.ts';
import { see } from './support/look.ts';
import { CONTEXT_OPTIONS, openPage } from './support/page.ts';
import { TEXTS, like } from './support/texts.ts';
import { startZabra } from './support/zabra-host.ts';

const { values } = parseArgs({ options: { lines: { type: 'string', default: '1000000' } } });
const linesMax = Number(values.lines);

async function measure(app: App, title: string, files: readonly string[]): Promise<boolean> {
  const { logs } = app.texts.election;
  const startMs = performance.now();
  const seconds = (): number => (performance.now() - startMs) / 1000;
  let sentSeconds = NaN;
  const figures = await measureFrames(app.page, async () => {
    await app.election.chooseLogs(files);
    await see(app.page.getByRole('progressbar', { name: like(logs.reading) }), 300_000);
    sentSeconds = seconds();
    await see(app.election.logsSummary, 300_000);
  });
  const openSeconds = seconds();
  const isInTime = openSeconds <= OPEN_SECONDS_MAX;
  process.stdout.write(
    `${title}: open in ${openSeconds.toFixed(1)} s (sent after ${sentSeconds.toFixed(1)} s); ` +
      `${isInTime ? 'within' : 'NOT WITHIN'} ${OPEN_SECONDS_MAX} s\n${formatFigures('  the page', figures)}\n`,
  );
  await app.election.closeLogs.click();
  await app.election.openLogs.click();
  return isInTime;
}

const folder = await mkdtemp(path.join(tmpdir(), 'zabra-logs-'));
const host = await startZabra();
const browser = await launchChromium();
try {
  const share = Math.ceil(linesMax / 3);
  const [one, packed, ...three] = [
    await writeLog(path.join(folder, 'one.log'), 1, linesMax),
    await writeLog(path.join(folder, 'one.log.gz'), 1, linesMax),
    await writeLog(path.join(folder, 'server-1.log'), 1, share),
    await writeLog(path.join(folder, 'server-2.log'), 2, share),
    await writeLog(path.join(folder, 'server-3.log'), 3, share),
  ];
  const { page } = await openPage(await browser.newContext(CONTEXT_OPTIONS), host.url);
  const app = new App(page, TEXTS.en);
  await app.startLocalServer();
  await app.open('diagnose');
  await app.election.openLogs.click();
  const results = [
    await measure(app, 'one server', [one.name]),
    await measure(app, 'one server, gzip', [packed.name]),
    await measure(
      app,
      'three servers',
      three.map(({ name }) => name),
    ),
  ];
  if (results.includes(false)) process.exitCode = 1;
} finally {
  await browser.close();
  await host.dispose();
  await rm(folder, { recursive: true, force: true });
}
