/** zoo.cfg as java.util.Properties reads it. */
import { expect, test } from 'vitest';

import { encodeZooCfg } from '../../../../embedded-server/launcher/zoo-cfg.ts';

test('zoo.cfg: one line an entry, in the order given', () => {
  expect(encodeZooCfg({ tickTime: '2000', 'server.1': '127.0.0.1:1:2:participant;127.0.0.1:3' })).toBe(
    'tickTime=2000\nserver.1=127.0.0.1:1:2:participant;127.0.0.1:3\n',
  );
});

test('zoo.cfg: a data folder may have any name', () => {
  expect(encodeZooCfg({ dataDir: '/home/Zoë Müller/数据' })).toBe(
    'dataDir=/home/Zo\\u00eb M\\u00fcller/\\u6570\\u636e\n',
  );
  expect(encodeZooCfg({ dataDir: 'C:\\data' })).toBe('dataDir=C:\\\\data\n');
});

test('zoo.cfg: nothing in a value begins a new entry', () => {
  expect(encodeZooCfg({ a: 'x\ny=z', 'b c:=#!': ' 1' })).toBe('a=x\\u000ay=z\nb\\ c\\:\\=\\#\\!=\\ 1\n');
});
