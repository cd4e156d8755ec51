/** A suite whose tool this machine lacks: said loudly and skipped; in CI, which must run every suite, a failure. */
import { describe, test } from 'vitest';

export interface NeededTool {
  readonly name: string;
  readonly missing: () => string | undefined;
}

export function describeWithTool(tool: NeededTool, tests: () => void): void {
  const problem = tool.missing();
  if (problem === undefined) {
    describe(`interop: ${tool.name}`, tests);
    return;
  }
  const isInCi = process.env['CI'] === 'true';
  process.stderr.write(`*** interop: ${tool.name} ${isInCi ? 'FAILED' : 'SKIPPED'}: ${problem} ***\n`);
  describe(`interop: ${tool.name}`, () => {
    test.skipIf(!isInCi)(`cannot run here: ${problem}`, () => {
      throw new Error(problem);
    });
  });
}
