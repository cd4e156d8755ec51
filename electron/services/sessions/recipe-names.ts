/**
 * What the name of an ephemeral node says of the recipe that it belongs to: as ZooKeeper's documentation names nodes
 * (`lock-`, `read-`, `write-`, `n_`, `guid-n_`), Curator (`_c_<guid>-lock-`, `latch-`, `lease-`, `__READ__`, `__WRIT__`) and
 * kazoo (`<guid>__lock__`, `__rlock__`, `__party__`). A name proves nothing, but nobody else names nodes like that. Pure.
 */
import { sequenceSuffix } from '../../../shared/path.ts';

/** What a node with a place in an order stands for. `exclusive` is a lock, or the writing one among readers. */
export type OrderedKind = 'exclusive' | 'write' | 'read' | 'leader' | 'lease' | 'queue';

export interface OrderedName {
  readonly kind: OrderedKind;
  /** Its place in the order, ascending. */
  readonly sequence: number;
}

const PATTERNS: readonly (readonly [OrderedKind, RegExp])[] = [
  ['read', /(?:__READ__|__rlock__|(?:^|[-_])read-)$/],
  ['write', /(?:__WRIT__|(?:^|[-_])write-)$/],
  ['exclusive', /(?:__lock__|(?:^|[-_])lock-|^x-.+-)$/],
  ['leader', /(?:(?:^|[-_])latch-|(?:^|-)n_)$/],
  ['lease', /(?:^|-)lease-$/],
  ['queue', /^(?:qn|queue|entry|element|item)-$/],
];

/** Undefined for a name without a sequence number, or with one that no recipe is known by. */
export function readOrderedName(name: string): OrderedName | undefined {
  const suffix = sequenceSuffix(name);
  if (suffix === undefined) return undefined;
  const stem = name.slice(0, -suffix.length);
  const kind = PATTERNS.find(([, pattern]) => pattern.test(stem))?.[0];
  return kind && { kind, sequence: Number(suffix) };
}

const GUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

/** As Curator's service discovery names the instances of a service. */
export function isInstanceName(name: string): boolean {
  return GUID.test(name);
}

const GROUPS =
  /^(?:ids|rs|live_nodes|live|(?:.*[-_])?(?:members?|workers?|brokers?|nodes?|instances?|servers?|hosts?|participants?|consumers?|agents?|replicas?|draining))$/i;

/** Whether a node's children are the members of something, also where there is only one by now. */
export function isGroupName(name: string): boolean {
  return GROUPS.test(name);
}
