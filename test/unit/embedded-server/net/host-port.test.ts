/** Addresses as text, also those that a hostile peer sends. */
import { expect, test } from 'vitest';

import { formatHostPort, parseHostPort } from '../../../../embedded-server/net/host-port.ts';

test.each([
  ['127.0.0.1:2888', { host: '127.0.0.1', port: 2888 }],
  ['zk_1.example-host:1', { host: 'zk_1.example-host', port: 1 }],
  ['[fe80::1%eth0]:65535', { host: 'fe80::1%eth0', port: 65_535 }],
])('%s is an address, there and back', (text, address) => {
  expect(parseHostPort(text)).toEqual(address);
  expect(formatHostPort(address)).toBe(text);
});

test.each(['127.\0.1:2888', 'a b:1', 'é:1', ':1', 'a:0', 'a:65536', 'a:', '[]:1', 'a:b:1', 'a'])(
  '%j is none',
  (text) => {
    expect(parseHostPort(text)).toBeUndefined();
  },
);
