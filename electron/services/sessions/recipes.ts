/**
 * Which locks, offices, queues and groups the ephemeral nodes of an ensemble stand for, and what each makes of its session:
 * holds a lock, waits behind somebody, leads, is a member. Also who comes next when a session ends. From paths and owners
 * alone, so persistent nodes that take part in a recipe are not seen. Pure.
 */
import type { EndPreview, SessionRole } from '../../../shared/api/sessions.ts';
import { assertNever } from '../../../shared/assert.ts';
import { baseName, parentPath } from '../../../shared/path.ts';
import { type OrderedKind, isGroupName, isInstanceName, readOrderedName } from './recipe-names.ts';

type OrderedRecipe = Extract<SessionRole, { holds: boolean }>['recipe'];
type Passage = EndPreview['passages'][number];

interface Contender {
  readonly path: string;
  readonly sessionId: string;
  readonly kind: OrderedKind;
  readonly sequence: number;
}

/** Nodes below one parent that wait for each other. Each has a place of its own, the first one is the oldest. */
interface Line {
  readonly path: string;
  readonly contenders: readonly Contender[];
}

interface Present {
  readonly path: string;
  readonly sessionId: string;
}

export class Recipes {
  readonly #lines: readonly Line[];
  readonly #roles = new Map<string, SessionRole[]>();

  constructor(ephemerals: Iterable<Present>) {
    const { lines, shares, others } = sortOut(ephemerals);
    this.#lines = lines;
    for (const line of lines) this.#addLine(line);
    for (const { path, sessionId, kind } of shares) {
      const recipe = kind === 'lease' ? 'lease' : 'queue';
      this.#add(sessionId, { recipe, path: parentPath(path), node: path });
    }
    for (const nodes of others.values()) {
      for (const { path, sessionId } of nodes) this.#add(sessionId, plainRole(path, nodes.length));
    }
  }

  /** The most telling first: what it holds, what it waits for, then what it is part of. */
  rolesOf(sessionId: string): readonly SessionRole[] {
    return (this.#roles.get(sessionId) ?? []).toSorted((a, b) => weightOf(a) - weightOf(b));
  }

  /** Of what only this session holds: who has it when it ends. */
  passagesOf(sessionId: string): Passage[] {
    return this.#lines.flatMap(({ path, contenders }) => {
      const held = contenders.find((each, at) => each.sessionId === sessionId && holdsAt(contenders, at));
      if (held === undefined) return [];
      const left = contenders.filter((each) => each.sessionId !== sessionId);
      const next = left.filter((_, at) => holdsAt(left, at));
      // Other readers hold it as before.
      if (next.some((each) => holdsAt(contenders, contenders.indexOf(each)))) return [];
      return [
        {
          recipe: recipeOf(held, contenders),
          path,
          next: next.map((each) => ({ node: each.path, sessionId: each.sessionId })),
        },
      ];
    });
  }

  #addLine({ path, contenders }: Line): void {
    for (const [at, contender] of contenders.entries()) {
      const ahead = aheadOf(contenders, at);
      this.#add(contender.sessionId, {
        recipe: recipeOf(contender, contenders),
        path,
        node: contender.path,
        holds: ahead === undefined,
        behind: ahead === undefined ? null : { node: ahead.path, sessionId: ahead.sessionId },
        contenders: contenders.length,
      });
    }
  }

  #add(sessionId: string, role: SessionRole): void {
    const roles = this.#roles.get(sessionId);
    if (roles === undefined) this.#roles.set(sessionId, [role]);
    else roles.push(role);
  }
}

function sortOut(ephemerals: Iterable<Present>): {
  lines: Line[];
  shares: Contender[];
  others: Map<string, Present[]>;
} {
  const lines = new Map<string, { path: string; contenders: Contender[] }>();
  const shares: Contender[] = [];
  const others = new Map<string, Present[]>();
  for (const { path, sessionId } of ephemerals) {
    const parent = parentPath(path);
    const named = readOrderedName(baseName(path));
    if (named === undefined) {
      const nodes = others.get(parent);
      if (nodes === undefined) others.set(parent, [{ path, sessionId }]);
      else nodes.push({ path, sessionId });
      continue;
    }
    const contender = { path, sessionId, ...named };
    if (named.kind === 'lease' || named.kind === 'queue') {
      shares.push(contender);
      continue;
    }
    const key = `${named.kind === 'leader' ? 'leader' : 'lock'} ${parent}`;
    const line = lines.get(key);
    if (line === undefined) lines.set(key, { path: parent, contenders: [contender] });
    else line.contenders.push(contender);
  }
  for (const { contenders } of lines.values()) contenders.sort((a, b) => a.sequence - b.sequence);
  return { lines: [...lines.values()], shares, others };
}

function holdsAt(contenders: readonly Contender[], at: number): boolean {
  return aheadOf(contenders, at) === undefined;
}

/** The node whose deletion a contender waits for: readers for the last writer before them, all others for the one before. */
function aheadOf(contenders: readonly Contender[], at: number): Contender | undefined {
  if (contenders[at]?.kind !== 'read') return contenders[at - 1];
  for (let before = at - 1; before >= 0; before--) {
    const other = contenders[before];
    if (other?.kind !== 'read') return other;
  }
  return undefined;
}

function recipeOf({ kind }: Contender, contenders: readonly Contender[]): OrderedRecipe {
  switch (kind) {
    case 'read':
      return 'read-lock';
    case 'write':
      return 'write-lock';
    case 'exclusive':
      // kazoo names its writers as it names plain locks.
      return contenders.some((each) => each.kind === 'read') ? 'write-lock' : 'lock';
    case 'leader':
      return 'leader';
    case 'lease':
    case 'queue':
      throw new Error(`a ${kind} has no line`);
    default:
      return assertNever(kind, 'kind');
  }
}

/** A node outside of every order. `siblings` counts the ephemerals of its parent, itself included. */
function plainRole(path: string, siblings: number): SessionRole {
  const parent = parentPath(path);
  if (isInstanceName(baseName(path))) return { recipe: 'service', path: parent, node: path };
  if (siblings > 1 || isGroupName(baseName(parent))) return { recipe: 'member', path: parent, node: path };
  return { recipe: 'name', path, node: path };
}

const WEIGHTS: Readonly<Record<SessionRole['recipe'], number>> = {
  leader: 0,
  lock: 1,
  'write-lock': 2,
  'read-lock': 3,
  lease: 4,
  name: 5,
  service: 6,
  member: 7,
  queue: 8,
};

function weightOf(role: SessionRole): number {
  const waits = 'holds' in role && !role.holds;
  return WEIGHTS[role.recipe] + (waits ? 3.5 : 0);
}
