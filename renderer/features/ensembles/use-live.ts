/** What an ensemble tells while one looks at it: how its servers fare, and its log. Nothing is followed while the page is hidden. */
import { useDocumentVisibility } from '@mantine/hooks';
import { useState } from 'react';
import type { EnsembleLiveDto } from '../../../shared/api/ensembles.ts';
import { client } from '../../api/client.ts';
import { useStream } from '../../api/use-stream.ts';
import { EMPTY_LOG, type LogState, withBatch } from './log-model.ts';

export function useLive(ensembleId: string): EnsembleLiveDto | null {
  const isVisible = useDocumentVisibility() === 'visible';
  const [live, setLive] = useState<EnsembleLiveDto | null>(null);
  useStream(isVisible ? (signal) => client.ensembles.live({ ensembleId }, { signal }) : null, setLive, [
    ensembleId,
  ]);
  return live;
}

export function useLog(ensembleId: string): LogState {
  const [log, setLog] = useState(EMPTY_LOG);
  useStream(
    (signal) => client.ensembles.log({ ensembleId }, { signal }),
    (batch) => {
      setLog((before) => withBatch(before, batch));
    },
    [ensembleId],
  );
  return log;
}
