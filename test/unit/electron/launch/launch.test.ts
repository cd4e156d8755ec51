/** Which shell `npm start` picks, by planted folders: nothing is asked of Electron's JavaScript. */
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { chooseShell } from '../../../../electron/launch/choose-shell.ts';
import { findElectronBinary } from '../../../../electron/launch/electron-binary.ts';
import { appWindowArguments, findInstalledBrowser } from '../../../../electron/launch/installed-browser.ts';
import { openWindowProcess } from '../../../../electron/launch/window-process.ts';
import { waitFor } from '../../../support/wait.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'zabra-launch-'));
});
afterEach(() => rmSync(root, { recursive: true, force: true }));

function plant(file: string, { mode = 0o755, text = '#!/bin/sh\n' } = {}): string {
  const full = path.join(root, file);
  mkdirSync(path.dirname(full), { recursive: true });
  writeFileSync(full, text);
  chmodSync(full, mode);
  return full;
}

describe('Electron', () => {
  const find = (overrideFolder?: string): string | undefined =>
    findElectronBinary({ root, overrideFolder, platform: 'linux' });

  test('the package alone is not enough: it has no binary', () => {
    plant('node_modules/electron/index.js', { text: 'throw new Error("this would download")' });
    expect(find()).toBeUndefined();
  });

  test('path.txt without its file, or with one that is not executable, is none', () => {
    plant('node_modules/electron/path.txt', { text: 'electron' });
    expect(find()).toBeUndefined();
    plant('node_modules/electron/dist/electron', { mode: 0o644 });
    // Root may read anything, but may not execute what nobody may.
    expect(find()).toBeUndefined();
  });

  test('path.txt and its executable are one', () => {
    plant('node_modules/electron/path.txt', { text: 'electron\n' });
    const binary = plant('node_modules/electron/dist/electron');
    expect(find()).toBe(binary);
  });

  test('ELECTRON_OVERRIDE_DIST_PATH goes first', () => {
    plant('node_modules/electron/path.txt', { text: 'electron' });
    plant('node_modules/electron/dist/electron');
    const own = plant('own/electron');
    expect(find(path.dirname(own))).toBe(own);
    expect(find(path.join(root, 'nowhere'))).toBeUndefined();
  });
});

describe('a browser', () => {
  const find = (): string | undefined =>
    findInstalledBrowser({
      platform: 'linux',
      environment: { PATH: ['relative', path.join(root, 'a'), path.join(root, 'b')].join(':') },
    });

  test('Chromium before Chrome before Edge, on the PATH', () => {
    expect(find()).toBeUndefined();
    const edge = plant('a/microsoft-edge');
    expect(find()).toBe(edge);
    const chrome = plant('a/google-chrome');
    expect(find()).toBe(chrome);
    const chromium = plant('b/chromium');
    expect(find()).toBe(chromium);
  });

  test('what is not executable, or a folder, is none', () => {
    plant('a/chromium', { mode: 0o644 });
    mkdirSync(path.join(root, 'b', 'chromium'), { recursive: true });
    expect(find()).toBeUndefined();
  });

  test('gives up its sandbox only for root, and never talks to the network by itself', () => {
    const window = { url: 'http://127.0.0.1:1/?key=k', profileFolder: '/p' };
    const plain = appWindowArguments({ ...window, isRoot: false });
    expect(plain).toEqual(
      expect.arrayContaining([
        '--app=http://127.0.0.1:1/?key=k',
        '--user-data-dir=/p',
        '--disable-background-networking',
      ]),
    );
    expect(plain).not.toContain('--no-sandbox');
    expect(appWindowArguments({ ...window, isRoot: true })).toContain('--no-sandbox');
  });
});

test('the choice: Electron, else a browser, else the address', () => {
  const all = { canOpen: true, hasDisplay: true, electronBinary: '/e', browserBinary: '/b' };
  expect(chooseShell(all)).toEqual({ kind: 'electron', binary: '/e' });
  expect(chooseShell({ ...all, electronBinary: undefined })).toEqual({ kind: 'browser', binary: '/b' });
  for (const change of [
    { canOpen: false },
    { hasDisplay: false },
    { electronBinary: undefined, browserBinary: undefined },
  ]) {
    expect(chooseShell({ ...all, ...change })).toEqual({ kind: 'print' });
  }
});

describe('the process of a window', () => {
  const options = { environment: process.env, showsOutput: false };

  test('its end is told with its exit code', async () => {
    expect(await openWindowProcess('/bin/sh', ['-c', 'exit 3'], options).ended).toBe(3);
  });

  test('closing it ends its helpers too', async () => {
    const pidFile = path.join(root, 'pid');
    // The helper is known to run when it has written its id.
    const window = openWindowProcess(
      '/bin/sh',
      ['-c', `sh -c 'echo $$ > ${pidFile}; exec sleep 1000' & wait`],
      options,
    );
    const pid = await waitFor(
      'the helper runs',
      () => existsSync(pidFile) && Number(readFileSync(pidFile, 'utf8')),
    );
    await window.close();
    await waitFor('the helper is gone', () => !isAlive(pid));
  });
});

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
