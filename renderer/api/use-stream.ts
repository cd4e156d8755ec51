/**
 * Follows an event iterator of the contract while a component is mounted. A stream ends when the wire to the shell
 * closes; the next generation of the link opens it again, so a view only ever sees items. Streams of the contract
 * begin with the whole present state, so nothing is missed in between.
 */
import { useEffect, useEffectEvent, useState } from 'react';
import type { Failure } from '../../shared/api/failure.ts';
import { failureOf, isWireFailure } from './failure.ts';
import { useLink } from './link.ts';

/** A stream that ends although its wire is open is opened again after so long. */
const REOPEN_MS = 1_000;

/**
 * Calls `onItem` with every item. `open` is called on mount, when `deps` change and when the link was rebuilt; null
 * instead of a function means: nothing to follow now. Returns why the stream cannot be had, or null.
 */
export function useStream<T>(
  open: ((signal: AbortSignal) => Promise<AsyncIterable<T>>) | null,
  onItem: (item: T) => void,
  deps: readonly unknown[],
): Failure | null {
  const generation = useLink((state) => state.generation);
  const [failure, setFailure] = useState<Failure | null>(null);
  const isOpenable = open !== null;
  const openNow = useEffectEvent(async (signal: AbortSignal) => open?.(signal));
  const takeItem = useEffectEvent(onItem);

  useEffect(() => {
    if (!isOpenable) return;
    const abort = new AbortController();
    let timer: ReturnType<typeof setTimeout> | undefined;

    const follow = async (): Promise<void> => {
      try {
        const items = await openNow(abort.signal);
        if (!items) return;
        for await (const item of items) {
          if (abort.signal.aborted) return;
          setFailure(null);
          takeItem(item);
        }
      } catch (error) {
        // After an abort the iterator throws whatever it likes.
        if (abort.signal.aborted) return;
        // A lost wire is said once for the whole page, not by every stream.
        setFailure(isWireFailure(error) ? null : failureOf(error));
      }
      if (!abort.signal.aborted) timer = setTimeout(() => void follow(), REOPEN_MS);
    };
    void follow();

    return () => {
      clearTimeout(timer);
      abort.abort();
    };
    // eslint-disable-next-line react-hooks/exhaustive-deps -- the caller's own dependencies are the point of this hook
  }, [generation, isOpenable, ...deps]);

  return failure;
}
