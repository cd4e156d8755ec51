/** Follows what the servers of an ensemble tell, while the page is visible, as arrows that vanish when they have arrived. */
import { useDocumentVisibility } from '@mantine/hooks';
import { useEffect, useState } from 'react';
import type { EnsembleDto } from '../../../shared/api/ensembles.ts';
import { client } from '../../api/client.ts';
import { useStream } from '../../api/use-stream.ts';
import { EMPTY_SKY, type Sky, landed, withNews } from './flights.ts';
import { isRunning } from './partition.ts';

const SWEEP_MS = 200;

export function useSky({ ensembleId, engine, servers }: EnsembleDto): Sky {
  const isVisible = useDocumentVisibility() === 'visible';
  const isTelling = engine === 'builtin' && servers.length > 1;
  const [sky, setSky] = useState(EMPTY_SKY);
  useStream(
    isVisible && isTelling ? (signal) => client.ensembles.events({ ensembleId }, { signal }) : null,
    (events) => {
      const sids = servers.filter(isRunning).map(({ sid }) => sid);
      setSky((before) => withNews(before, events, { sids, nowMs: Date.now() }));
    },
    [ensembleId],
  );
  const isEmpty = sky === EMPTY_SKY || (sky.flights.length === 0 && sky.story === null);
  useEffect(() => {
    if (isEmpty) return;
    const timer = setInterval(() => {
      setSky((before) => landed(before, Date.now()));
    }, SWEEP_MS);
    return () => {
      clearInterval(timer);
    };
  }, [isEmpty]);
  return sky;
}
