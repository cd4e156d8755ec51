/**
 * Proves that every rule of build/boundary-rules.ts can fail: each case plants one violation in a temporary project and
 * demands exactly that rule; the last cases demand silence for what DESIGN allows.
 */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cruise } from 'dependency-cruiser';
import { afterEach, describe, expect, test } from 'vitest';
import rules from '../../../build/boundary-rules.ts';

type Files = Record<string, string>;

const PACKAGES = ['zod', 'electron', 'left-pad', '@orpc/contract', '@orpc/server'];
const use = (...targets: string[]): string => targets.map((target) => `import '${target}';\n`).join('');

const planted: { rule: string; title: string; files: Files }[] = [
  { rule: 'shared-only-shared', title: 'shared imports Node', files: { 'shared/a.ts': use('node:fs') } },
  { rule: 'shared-only-shared', title: 'shared imports a package', files: { 'shared/a.ts': use('zod') } },
  {
    rule: 'shared-only-shared',
    title: 'shared imports the types of the client',
    files: {
      'shared/a.ts': "import type { B } from '../electron/b.ts';\nexport type A = B;\n",
      'electron/b.ts': 'export interface B { b: 1 }\n',
    },
  },
  {
    rule: 'shared-api-only-contract',
    title: 'shared/api imports a server package',
    files: { 'shared/api/a.ts': use('@orpc/server') },
  },
  {
    rule: 'shared-api-only-contract',
    title: 'shared/api imports Node',
    files: { 'shared/api/a.ts': use('node:path') },
  },
  {
    rule: 'renderer-only-shared',
    title: 'renderer imports the shell',
    files: { 'renderer/a.tsx': use('../electron/b.ts'), 'electron/b.ts': '' },
  },
  {
    rule: 'renderer-only-shared',
    title: 'renderer imports the core outside features/lab',
    files: {
      'renderer/features/tree/a.ts': use('../../../embedded-server/core/b.ts'),
      'embedded-server/core/b.ts': '',
    },
  },
  {
    rule: 'renderer-lab-only-pure',
    title: 'the lab imports server storage',
    files: {
      'renderer/features/lab/a.ts': use('../../../embedded-server/storage/b.ts'),
      'embedded-server/storage/b.ts': '',
    },
  },
  { rule: 'renderer-no-node', title: 'renderer imports Node', files: { 'renderer/a.ts': use('node:net') } },
  {
    rule: 'electron-only-shared-and-launcher',
    title: 'the shell imports the server core',
    files: { 'electron/a.ts': use('../embedded-server/core/b.ts'), 'embedded-server/core/b.ts': '' },
  },
  {
    rule: 'electron-only-shared-and-launcher',
    title: 'the shell imports the renderer',
    files: { 'electron/a.ts': use('../renderer/b.ts'), 'renderer/b.ts': '' },
  },
  {
    rule: 'electron-package-in-entries-only',
    title: 'a service imports electron',
    files: { 'electron/services/a.ts': use('electron') },
  },
  {
    rule: 'electron-package-in-entries-only',
    title: 'a test imports electron',
    files: { 'test/a.ts': use('electron') },
  },
  {
    rule: 'core-only-shared',
    title: 'the core imports Node',
    files: { 'embedded-server/core/a.ts': use('node:crypto') },
  },
  {
    rule: 'core-only-shared',
    title: 'the core imports the API contract',
    files: { 'embedded-server/core/a.ts': use('../../shared/api/b.ts'), 'shared/api/b.ts': '' },
  },
  {
    rule: 'quorum-protocol-only-shared',
    title: 'the codecs import the core',
    files: { 'embedded-server/quorum-protocol/a.ts': use('../core/b.ts'), 'embedded-server/core/b.ts': '' },
  },
  {
    rule: 'server-outside-only-pure-and-node',
    title: 'net imports storage',
    files: { 'embedded-server/net/a.ts': use('../storage/b.ts'), 'embedded-server/storage/b.ts': '' },
  },
  {
    rule: 'server-outside-only-pure-and-node',
    title: 'admin imports the driver',
    files: { 'embedded-server/admin/a.ts': use('../driver.ts'), 'embedded-server/driver.ts': '' },
  },
  {
    rule: 'server-outside-only-pure-and-node',
    title: 'storage imports a package',
    files: { 'embedded-server/storage/a.ts': use('left-pad') },
  },
  {
    rule: 'server-only-server-and-shared',
    title: 'the launcher imports the shell',
    files: { 'embedded-server/launcher/a.ts': use('../../electron/b.ts'), 'electron/b.ts': '' },
  },
  {
    rule: 'server-no-launcher',
    title: 'a server process imports the launcher',
    files: { 'embedded-server/main.ts': use('./launcher/b.ts'), 'embedded-server/launcher/b.ts': '' },
  },
  {
    rule: 'build-stands-alone',
    title: 'a build tool imports shared',
    files: { 'build/a.ts': use('../shared/b.ts'), 'shared/b.ts': '' },
  },
  {
    rule: 'no-circular',
    title: 'two files import each other',
    files: { 'shared/a.ts': use('./b.ts'), 'shared/b.ts': use('./a.ts') },
  },
  {
    rule: 'no-orphans',
    title: 'a source that nothing imports',
    files: { 'shared/a.ts': 'export const a = 1;\n' },
  },
  {
    rule: 'no-unresolvable',
    title: 'an import of a missing file',
    files: { 'electron/a.ts': use('./gone.ts') },
  },
];

const allowed: { title: string; files: Files }[] = [
  {
    title: 'shared/api imports zod, the contract package and shared',
    files: { 'shared/api/a.ts': use('zod', '@orpc/contract', '../b.ts'), 'shared/b.ts': '' },
  },
  {
    title: 'the lab imports core and quorum-protocol',
    files: {
      'renderer/features/lab/a.ts': use(
        '../../../embedded-server/core/b.ts',
        '../../../embedded-server/quorum-protocol/c.ts',
      ),
      'embedded-server/core/b.ts': use('../quorum-protocol/c.ts'),
      'embedded-server/quorum-protocol/c.ts': '',
    },
  },
  {
    title: 'entry files import electron, services its types',
    files: {
      'electron/main.ts': use('electron', './services/a.ts'),
      'electron/services/a.ts': "import type { App } from 'electron';\nexport type Host = App;\n",
    },
  },
  {
    title: 'the shell imports Node, shared and the launcher; the launcher imports the server',
    files: {
      'electron/a.ts': use('node:net', '../shared/b.ts', '../embedded-server/launcher/c.ts'),
      'shared/b.ts': '',
      'embedded-server/launcher/c.ts': use('../storage/d.ts', '../driver.ts', 'left-pad'),
      'embedded-server/driver.ts': use('./net/e.ts', './core/f.ts'),
      'embedded-server/storage/d.ts': use('node:fs', '../core/f.ts'),
      'embedded-server/net/e.ts': use('node:net', '../quorum-protocol/g.ts'),
      'embedded-server/core/f.ts': use('../../shared/b.ts'),
      'embedded-server/quorum-protocol/g.ts': '',
    },
  },
];

const projects: string[] = [];

/** Lays the files into a temporary project with stub packages, and returns the rules that its imports break. */
async function brokenRules(files: Files): Promise<string[]> {
  const root = realpathSync(mkdtempSync(path.join(tmpdir(), 'zabra-boundaries-')));
  projects.push(root);
  const put = (file: string, text: string): void => {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), text);
  };
  for (const name of PACKAGES) {
    put(`node_modules/${name}/package.json`, JSON.stringify({ name, version: '1.0.0', main: 'index.js' }));
    put(`node_modules/${name}/index.js`, '');
  }
  put(
    'package.json',
    JSON.stringify({ type: 'module', dependencies: Object.fromEntries(PACKAGES.map((p) => [p, '*'])) }),
  );
  for (const [file, text] of Object.entries(files)) put(file, text);

  const folders = [...new Set(Object.keys(files).map((file) => file.split('/')[0] ?? ''))];
  const { output } = await cruise(folders, {
    ...rules.options,
    ruleSet: { forbidden: rules.forbidden },
    validate: true,
    baseDir: root,
  });
  if (typeof output === 'string') throw new Error(`no structured result: ${output}`);
  return [...new Set(output.summary.violations.map((violation) => violation.rule.name))];
}

afterEach(() => {
  for (const root of projects.splice(0)) rmSync(root, { recursive: true, force: true });
});

describe('boundaries: a planted violation breaks its rule', () => {
  test.each(planted)('$rule: $title', async ({ rule, files }) => {
    expect(await brokenRules(files)).toContain(rule);
  });

  test('no rule is without a planted violation', () => {
    const names = new Set(rules.forbidden.map((rule) => rule.name));
    expect(new Set(planted.map(({ rule }) => rule))).toEqual(names);
  });
});

describe('boundaries: what DESIGN allows breaks no rule', () => {
  test.each(allowed)('$title', async ({ files }) => {
    expect(await brokenRules(files)).toEqual([]);
  });
});
