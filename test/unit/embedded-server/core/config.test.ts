/** Options under Apache's names; whatever is wrong with them is said by name. */
import { describe, expect, test } from 'vitest';

import { ConfigError, parseConfig } from '../../../../embedded-server/core/config.ts';

function messageOf(entries: Readonly<Record<string, string>>): string {
  try {
    parseConfig(entries);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return 'accepted';
}

describe('config', () => {
  test("Apache's defaults: tick time 3000, session timeouts of 2 and 20 ticks, frames of 1048575 bytes", () => {
    expect(parseConfig({})).toMatchObject({
      tickTimeMs: 3000,
      minSessionTimeoutMs: 6000,
      maxSessionTimeoutMs: 60_000,
      frameBytesMax: 1_048_575,
      maxClientCnxns: 60,
      extendedTypesEnabled: false,
    });
  });

  test('session timeouts follow the tick time unless they are given', () => {
    const config = parseConfig({ tickTime: '100', maxSessionTimeout: '9000' });
    expect(config).toMatchObject({ minSessionTimeoutMs: 200, maxSessionTimeoutMs: 9000 });
  });

  test('a property may be written with zookeeper. in front', () => {
    expect(parseConfig({ 'zookeeper.extendedTypesEnabled': 'TRUE' }).extendedTypesEnabled).toBe(true);
  });

  test('the whitelist is a list of words', () => {
    expect(parseConfig({ '4lw.commands.whitelist': 'mntr, ruok ,' }).fourLetterWords).toEqual([
      'mntr',
      'ruok',
    ]);
  });

  test.each([
    [{ tickTme: '1' }, 'unknown configuration key tickTme: did you mean tickTime?'],
    [
      { 'zookeeper.enforceQuotas': 'true' },
      'unknown configuration key zookeeper.enforceQuotas: did you mean enforceQuota?',
    ],
    [{ sessionTimeout: '1' }, 'did you mean minSessionTimeout or maxSessionTimeout'],
    [{ nonsenseThatNobodyKnows: '1' }, 'known keys: tickTime'],
    [{ constructor: '1' }, 'unknown configuration key constructor'],
    [{ tickTime: '0' }, 'tickTime=0: must be a whole number from 1'],
    [{ tickTime: '2s' }, 'tickTime=2s: must be a whole number'],
    [{ tickTime: '' }, 'tickTime=: must be a whole number'],
    [{ tickTime: '99999999999' }, 'must be a whole number'],
    [{ clientPort: '70000' }, 'clientPort=70000'],
    [{ enforceQuota: 'maybe' }, 'enforceQuota=maybe: must be true or false'],
    [{ skipACL: 'true' }, 'skipACL=true: must be yes or no'],
    [{ minSessionTimeout: '5000', maxSessionTimeout: '4000' }, 'minSessionTimeout=5000 is greater'],
  ])('%j is refused: %s', (entries, message) => {
    expect(messageOf(entries as Record<string, string>)).toContain(message);
  });
});
