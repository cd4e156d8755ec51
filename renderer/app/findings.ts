/**
 * What the diagnosis of the present connection found, fed by one stream: the Diagnose view lists it, the activity bar counts
 * what came while the person was elsewhere. `FindingsFeed` is mounted once, in the frame.
 */
import { useEffect } from 'react';
import { create } from 'zustand';
import type { FindingBatch, Watching } from '../../shared/api/diagnosis.ts';
import type { Failure } from '../../shared/api/failure.ts';
import type { Finding } from '../../shared/api/findings.ts';
import { client } from '../api/client.ts';
import { useStream } from '../api/use-stream.ts';
import { useWorkspace } from './workspace.ts';

export interface FindingsState {
  readonly connectionId: string | null;
  /** By id, as last told. */
  readonly findings: ReadonlyMap<string, Finding>;
  readonly watching: Watching | null;
  readonly isLoaded: boolean;
  readonly failure: Failure | null;
  /** Found since the person last looked. */
  readonly unseen: ReadonlySet<string>;
}

const NOTHING: FindingsState = {
  connectionId: null,
  findings: new Map(),
  watching: null,
  isLoaded: false,
  failure: null,
  unseen: new Set(),
};

export const useFindings = create<FindingsState>(() => NOTHING);

/** Feeds the store. Renders nothing; mounted once. */
export function FindingsFeed(): null {
  const connectionId = useWorkspace((state) => state.connectionId);
  const isLooking = useWorkspace((state) => state.view === 'diagnose');
  useEffect(() => {
    useFindings.setState({ ...NOTHING, connectionId });
  }, [connectionId]);
  useEffect(() => {
    if (isLooking) useFindings.setState({ unseen: NOTHING.unseen });
  }, [isLooking]);
  const failure = useStream(
    connectionId === null ? null : (signal) => client.diagnosis.findings({ connectionId }, { signal }),
    (batch) => {
      useFindings.setState((state) => withBatch(state, batch, { isLooking }));
    },
    [connectionId],
  );
  useEffect(() => {
    useFindings.setState({ failure });
  }, [failure]);
  return null;
}

/** Pure. A session that its client closed itself is no news. */
export function withBatch(
  state: FindingsState,
  { isFirst, findings, watching }: FindingBatch,
  { isLooking }: { readonly isLooking: boolean },
): FindingsState {
  const known = new Map(isFirst ? [] : state.findings);
  for (const finding of findings) known.set(finding.id, finding);
  const news = findings.filter(({ id, cause }) => !state.findings.has(id) && cause !== 'client-closed');
  const isNews = !isLooking && (!isFirst || state.isLoaded);
  return {
    ...state,
    findings: known,
    watching,
    isLoaded: true,
    unseen: isNews ? new Set([...state.unseen, ...news.map(({ id }) => id)]) : state.unseen,
  };
}
