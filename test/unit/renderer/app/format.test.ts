import { describe, expect, it } from 'vitest';
import {
  formatBytes,
  formatCount,
  formatCountdown,
  formatDecimal,
  formatDuration,
  formatFullTime,
  formatMs,
  formatRelative,
  formatTime,
  formatTimeOfDay,
  formatZxidHex,
  shortenMiddle,
  shortenPath,
} from '../../../../renderer/app/format.ts';

const at = (hours: number, minutes = 0, seconds = 0, ms = 0): number =>
  new Date(2026, 10, 20, hours, minutes, seconds, ms).getTime();

/** Units stand after an unbreakable space, thousands are apart by a thin one. */
const plain = (text: string): string => text.replaceAll('\u00a0', ' ').replaceAll('\u2009', '_');

describe('format: identifiers', () => {
  it('a zxid shows epoch, underscore and eight digits of counter', () => {
    expect(formatZxidHex('0x50000001c')).toBe('0x5_0000001c');
    expect(formatZxidHex('0x0')).toBe('0x0_00000000');
    expect(formatZxidHex('0xffffffffffffffff')).toBe('0xffffffff_ffffffff');
  });
  it('what is no zxid stays as it is', () => {
    expect(formatZxidHex('')).toBe('');
    expect(formatZxidHex('0xXYZ')).toBe('0xXYZ');
  });
});

describe('format: numbers', () => {
  it.each([
    [0, '0'],
    [999, '999'],
    [1000, '1_000'],
    [14_212, '14_212'],
    [1_234_567, '1_234_567'],
    [-1500, '\u22121_500'],
    [1234.5, '1_234.5'],
  ])('a count of %d has thin spaces between thousands', (count, text) => {
    expect(plain(formatCount(count))).toBe(text);
  });
  it('one decimal below ten, none from there', () => {
    expect([0.04, 1.23, 9.94, 10.4, 1234.5].map((value) => plain(formatDecimal(value)))).toEqual([
      '0',
      '1.2',
      '9.9',
      '10',
      '1_235',
    ]);
  });
  it.each([
    [0, '0 B'],
    [372, '372 B'],
    [1023, '1_023 B'],
    [1024, '1 KB'],
    [1024 * 1024 - 1, '1 MB'],
    [64 * 1024 * 1024, '64 MB'],
  ])('%d bytes', (bytes, text) => {
    expect(plain(formatBytes(bytes))).toBe(text);
  });
  it('milliseconds have a space before the unit', () => {
    expect(plain(formatMs(1.24))).toBe('1.2 ms');
  });
});

describe('format: durations', () => {
  it.each([
    [0, '0 ms', '0 毫秒'],
    [420, '420 ms', '420 毫秒'],
    [1_500, '1.5 s', '1.5 秒'],
    [30_000, '30 s', '30 秒'],
    [252_000, '4 min 12 s', '4 分 12 秒'],
    [7_500_000, '2 h 5 min', '2 小时 5 分'],
    [86_400_000, '1 d', '1 天'],
    [59_999, '1 min', '1 分'],
  ])('%d ms in the two largest units', (ms, en, zh) => {
    expect(plain(formatDuration(ms, 'en'))).toBe(en);
    expect(plain(formatDuration(ms, 'zh-CN'))).toBe(zh);
  });
  it('a countdown steps down to zero and not below', () => {
    expect([3_909_000, 729_000, 1, 0, -5].map(formatCountdown)).toEqual([
      '1:05:09',
      '12:09',
      '0:01',
      '0:00',
      '0:00',
    ]);
  });
});

describe('format: times', () => {
  const now = at(16, 30);
  it('today with milliseconds', () => {
    expect(formatTimeOfDay(at(12, 4, 11, 204))).toBe('12:04:11.204');
    expect(formatTime(at(12, 4, 11, 204), 'en', now)).toBe('12:04:11.204');
  });
  it('an earlier day with its date, another year with the year', () => {
    const earlier = new Date(2026, 10, 19, 16, 2).getTime();
    const longAgo = new Date(2024, 0, 3, 9, 5).getTime();
    expect(formatTime(earlier, 'en', now)).toBe('19 Nov 16:02');
    expect(formatTime(earlier, 'zh-CN', now)).toBe('11月19日 16:02');
    expect(formatTime(longAgo, 'en', now)).toBe('3 Jan 2024 09:05');
    expect(formatTime(longAgo, 'zh-CN', now)).toBe('2024年1月3日 09:05');
  });
  it('the whole moment for hover texts', () => {
    expect(formatFullTime(at(16, 2, 9, 120))).toBe('2026-11-20 16:02:09.120');
  });
  it.each([
    [500, 'just now', '刚刚'],
    [45_000, '45 s ago', '45 秒前'],
    [180_000, '3 min ago', '3 分钟前'],
    [2 * 3_600_000, '2 h ago', '2 小时前'],
    [86_400_000, '1 day ago', '1 天前'],
    [-12_000, 'in 12 s', '12 秒后'],
  ])('%d ms back, relative', (pastMs, en, zh) => {
    expect(plain(formatRelative(now - pastMs, 'en', now))).toBe(en);
    expect(plain(formatRelative(now - pastMs, 'zh-CN', now))).toBe(zh);
  });
});

describe('format: shortening', () => {
  it('names in the middle', () => {
    expect(shortenMiddle('_c_4f1c2b3a-lock-0000000041', 16)).toBe('_c_4f1c…00000041');
    expect(shortenMiddle('short', 16)).toBe('short');
  });
  it('paths at the start, by whole names', () => {
    expect(shortenPath('/kafka/config/topics/orders.v2', 20)).toBe('…/topics/orders.v2');
    expect(shortenPath('/a/b', 20)).toBe('/a/b');
    expect(shortenPath('/very-long-single-name-of-a-node', 12)).toHaveLength(12);
  });
});
