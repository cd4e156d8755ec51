/** What `npm run -s diagnose` runs. */
import { runDiagnose } from './diagnose-command.ts';

process.exitCode = await runDiagnose(process.argv.slice(2));
