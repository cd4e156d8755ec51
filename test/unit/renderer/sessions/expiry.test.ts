import { expect, test } from 'vitest';
import { expiryOf } from '../../../../renderer/features/sessions/expiry.ts';

const SESSION = { expiresAtMs: 100_000, timeoutMs: 30_000 };

test('expiry: what is left shrinks between polls and never below zero', () => {
  expect(expiryOf(SESSION, { nowMs: 85_000, polledAtMs: 85_000 })).toEqual({
    leftMs: 15_000,
    fraction: 0.5,
    isClose: false,
  });
  expect(expiryOf(SESSION, { nowMs: 200_000, polledAtMs: 85_000 })?.leftMs).toBe(0);
});

test('expiry: a bucket that ends a tick after the timeout is a full bar', () => {
  expect(expiryOf(SESSION, { nowMs: 68_000, polledAtMs: 68_000 })?.fraction).toBe(1);
});

test('expiry: close to the end is judged by the poll, not by the countdown since', () => {
  expect(expiryOf(SESSION, { nowMs: 99_000, polledAtMs: 89_000 })?.isClose).toBe(false);
  expect(expiryOf(SESSION, { nowMs: 91_000, polledAtMs: 90_001 })?.isClose).toBe(true);
});

test('expiry: hidden stays unknown, and without a timeout there is no bar', () => {
  expect(expiryOf({ ...SESSION, expiresAtMs: null }, { nowMs: 1, polledAtMs: 1 })).toBeNull();
  expect(expiryOf({ ...SESSION, timeoutMs: null }, { nowMs: 99_999, polledAtMs: 99_999 })).toEqual({
    leftMs: 1,
    fraction: null,
    isClose: false,
  });
});
