/** Who led when and why, of a connection, as the shell's diagnosis records it. */
import { useState } from 'react';
import type { ElectionRecord } from '../../../../shared/api/elections.ts';
import type { Failure } from '../../../../shared/api/failure.ts';
import { client } from '../../../api/client.ts';
import { useStream } from '../../../api/use-stream.ts';

export interface KnownElections {
  /** Null until the shell has told. */
  readonly record: ElectionRecord | null;
  readonly failure: Failure | null;
}

export function useElections(connectionId: string): KnownElections {
  const [known, setKnown] = useState<{ connectionId: string; record: ElectionRecord } | null>(null);
  const failure = useStream(
    (signal) => client.diagnosis.elections({ connectionId }, { signal }),
    (record) => {
      setKnown({ connectionId, record });
    },
    [connectionId],
  );
  return { record: known?.connectionId === connectionId ? known.record : null, failure };
}
