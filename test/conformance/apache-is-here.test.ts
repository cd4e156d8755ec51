/** Says once, loudly, that the Apache half of the suite cannot run; with CI=true that is a failure. */
import { expect, test } from 'vitest';
import { missingForApache } from '../support/apache-server.ts';
import { chosenTargets } from './bench.ts';

test.skipIf(!chosenTargets().includes('apache'))('Apache ZooKeeper and Java are here', ({ skip }) => {
  const missing = missingForApache();
  if (missing === undefined || process.env['CI'] === 'true') {
    expect(missing).toBeUndefined();
    return;
  }
  process.stderr.write(`\n*** The Apache half of the conformance suite IS SKIPPED: ${missing} ***\n\n`);
  skip(missing);
});
