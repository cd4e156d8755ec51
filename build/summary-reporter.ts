/**
 * Counts a vitest run for the closing line `N passed, N failed[, N skipped]`, which the tools that read our runs look
 * for. Under `npm test`, which closes over all suites, it writes the counts to the file named in ZABRA_SUMMARY_FILE
 * instead of printing them.
 */
import { writeFileSync } from 'node:fs';
import type { Reporter, SerializedError, TestModule } from 'vitest/node';

export interface Counts {
  passed: number;
  failed: number;
  skipped: number;
}

export default class SummaryReporter implements Reporter {
  private readonly counts: Counts = { passed: 0, failed: 0, skipped: 0 };

  constructor() {
    // At exit: anything earlier would not be the last line, since vitest prints its own totals after the reporters ran.
    process.once('exit', () => {
      this.report();
    });
  }

  onTestRunStart(): void {
    Object.assign(this.counts, { passed: 0, failed: 0, skipped: 0 });
  }

  onTestRunEnd(modules: readonly TestModule[], errors: readonly SerializedError[]): void {
    for (const module of modules) this.countModule(module);
    this.counts.failed += errors.length;
  }

  private countModule(module: TestModule): void {
    const failedBefore = this.counts.failed;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      // A test that is still pending at the end was interrupted: it has not passed.
      if (state === 'passed') this.counts.passed += 1;
      else if (state === 'skipped') this.counts.skipped += 1;
      else this.counts.failed += 1;
    }
    // A file that throws at import, or whose hooks fail, has no failed test of its own.
    if (module.state() === 'failed' && this.counts.failed === failedBefore) this.counts.failed += 1;
  }

  private report(): void {
    const file = process.env['ZABRA_SUMMARY_FILE'];
    if (file !== undefined) {
      writeFileSync(file, JSON.stringify(this.counts));
      return;
    }
    const { passed, failed, skipped } = this.counts;
    process.stdout.write(`${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}\n`);
  }
}
