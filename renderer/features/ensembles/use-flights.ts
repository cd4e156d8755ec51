/** Follows what the servers of an ensemble tell, while the page is visible, as arrows that vanish when they have arrived. */
import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { EnsembleDto } from '../../../shared/api/ensembles.ts';
import { client } from '../../api/client.ts';
import { useStream } from '../../api/use-stream.ts';
import { EMPTY_SKY, type Flight, inTheAir, landed, withNews } from './flights.ts';
import { isRunning } from './partition.ts';

const TICK_MS = 200;

export function useFlights({ ensembleId, engine, servers }: EnsembleDto): readonly Flight[] {
  const isVisible = useDocumentVisibility() === 'visible';
  const isTelling = engine === 'builtin' && servers.length > 1;
  const [sky, setSky] = useState(EMPTY_SKY);
  const [nowMs, setNowMs] = useState(0);
  useStream(
    isVisible && isTelling ? (signal) => client.ensembles.events({ ensembleId }, { signal }) : null,
    (events) => {
      const sids = servers.filter(isRunning).map(({ sid }) => sid);
      const atMs = Date.now();
      setSky((before) => withNews(before, events, { sids, nowMs: atMs }));
      setNowMs(atMs);
    },
    [ensembleId],
  );
  const isEmpty = sky === EMPTY_SKY || (sky.flights.length === 0 && sky.story === null);
  useEffect(() => {
    if (isEmpty) return;
    const timer = setInterval(() => {
      const atMs = Date.now();
      setSky((before) => landed(before, atMs));
      setNowMs(atMs);
    }, TICK_MS);
    return () => {
      clearInterval(timer);
    };
  }, [isEmpty]);
  return inTheAir(sky, nowMs);
}
