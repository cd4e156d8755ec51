import { defineConfig } from 'vitest/config';

const minutes = (count: number): number => count * 60_000;

/**
 * The suites. `unit` and `fuzz` do without isolation, which is ten times as fast. Suites that own servers, JVMs or a browser
 * run one file at a time, since they would fight over the machine.
 */
export default defineConfig({
  test: {
    reporters: ['default', './build/summary-reporter.ts'],
    projects: [
      {
        test: {
          name: 'unit',
          include: ['test/{unit,paper,scenarios,regressions}/**/*.test.{ts,tsx}'],
          isolate: false,
          // Not threads: one that has run the tests of the shell, which start servers, never ends and spins instead.
          pool: 'forks',
          testTimeout: 10_000,
        },
      },
      {
        test: {
          name: 'fuzz',
          include: ['test/{fuzz,simulation}/**/*.test.ts'],
          isolate: false,
          pool: 'threads',
          testTimeout: minutes(3),
        },
      },
      {
        test: {
          name: 'conformance',
          include: ['test/conformance/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: minutes(1),
          hookTimeout: minutes(2),
        },
      },
      {
        test: {
          name: 'interop',
          include: ['test/interop/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: minutes(2),
          hookTimeout: minutes(2),
        },
      },
      {
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts'],
          pool: 'forks',
          fileParallelism: false,
          testTimeout: minutes(5),
          hookTimeout: minutes(5),
        },
      },
    ],
  },
});
