/** When a command line of the app asks for the command `ensemble`. */
import { expect, test } from 'vitest';

import { ensembleArguments } from '../../../../embedded-server/launcher/ensemble-command.ts';

test.each<[string, readonly string[], readonly string[] | undefined]>([
  ['as the first word', ['ensemble', '--servers', '3'], ['--servers', '3']],
  ['behind switches of Electron', ['--no-sandbox', 'ensemble', '--servers', '3'], ['--servers', '3']],
  ['not as a value', ['--data-dir=ensemble'], undefined],
  ['not as a later word', ['other', 'ensemble'], undefined],
  ['not without it', [], undefined],
])('%s', (_what, words, expected) => {
  expect(ensembleArguments(words)).toEqual(expected);
});
