import { ORPCError } from '@orpc/client';
import { describe, expect, it } from 'vitest';
import { failureOf } from '../../../../renderer/api/failure.ts';
import { WireLostError } from '../../../../renderer/api/link.ts';

describe('failureOf', () => {
  it('takes the failure that the contract declares', () => {
    const failure = { code: 'NOAUTH', number: -102, message: 'no', path: '/a', retryable: false } as const;
    expect(failureOf(new ORPCError('FAILURE', { defined: true, data: failure }))).toEqual(failure);
  });
  it('a failure of another shape, an undeclared error and a thrown text are bugs', () => {
    for (const error of [
      new ORPCError('FAILURE', { data: { code: 'NOT_A_CODE' } }),
      new ORPCError('INTERNAL_SERVER_ERROR', { message: 'oops' }),
      new TypeError('oops'),
      'oops',
    ]) {
      expect(failureOf(error)).toMatchObject({ code: 'BUG', retryable: false });
    }
  });
  it('a call that was broken off is cancelled; one that found no wire may be repeated', () => {
    expect(failureOf(new DOMException('aborted', 'AbortError')).code).toBe('CANCELLED');
    expect(failureOf(new WireLostError())).toMatchObject({ code: 'NOT_CONNECTED', retryable: true });
  });
});
