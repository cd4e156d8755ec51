/**
 * The rows of the tree, as counts. A *branch* stands for a node whose children were asked for; its children are one
 * sorted array of names, and only those among them that are branches themselves are objects. So 100,000 children are
 * 100,000 strings, one insertion is one splice, and row `i` is found by going down from the root along row counts.
 *
 * Pure and synchronous: it knows nothing of servers, React or the screen. tree-store.ts feeds it.
 *
 *   rows(branch) = 1 + (open ? notice + shown names + Σ (rows(child branch) - 1) : 0)
 */
import { assert } from '../../../../shared/assert.ts';
import { ancestorsOf, baseName, joinPath, parentPath } from '../../../../shared/path.ts';
import { differenceOf, indexOfName, insertName, mergeNames, removeName, sortedNames } from './name-order.ts';
import type { NodeRow, Notice, TreeRow } from './tree-row-model.ts';

interface Branch {
  readonly name: string;
  readonly path: string;
  readonly parent: Branch | undefined;
  readonly depth: number;
  /** All loaded children, sorted. */
  names: string[];
  /** Those that the filter lets through; the same array as `names` without a filter. */
  shown: string[];
  /** Children that are branches, by name. */
  readonly branches: Map<string, Branch>;
  isExpanded: boolean;
  /** Closed by the person while a filter would have opened it. */
  isFilteredClosed: boolean;
  notice: Notice | undefined;
  /** Its own row and everything shown below it. */
  rows: number;
  /** Where the child branches lie among the rows; undefined after a change, until somebody asks. */
  layout: Layout | undefined;
}

/** Child branches that are shown, in order, with running sums, so that one finds a row by bisection. */
interface Layout {
  readonly branches: readonly Branch[];
  /** Index in `shown`. */
  readonly positions: readonly number[];
  /** Rows that lie before the child branch, counted from the first child. */
  readonly rowsBefore: readonly number[];
}

function newBranch(name: string, path: string, parent: Branch | undefined): Branch {
  const names: string[] = [];
  return {
    name,
    path,
    parent,
    depth: parent === undefined ? 0 : parent.depth + 1,
    names,
    shown: names,
    branches: new Map(),
    isExpanded: false,
    isFilteredClosed: false,
    notice: undefined,
    rows: 1,
    layout: undefined,
  };
}

export class TreeModel {
  readonly #root = newBranch('/', '/', undefined);
  /** Every branch by path, so that changes are found without going down the tree. */
  readonly #branches = new Map<string, Branch>([['/', this.#root]]);
  /** In lower case; '' lets everything through. */
  #filter = '';
  /** Forgotten at every change, and counted again only when somebody asks. */
  #matchCount: number | undefined;

  get rowCount(): number {
    return this.#root.rows;
  }

  get filter(): string {
    return this.#filter;
  }

  /** Loaded nodes, the root included. */
  get loadedCount(): number {
    let count = 1;
    for (const branch of this.#branches.values()) count += branch.names.length;
    return count;
  }

  /** Nodes that the filter lets through by their own name. */
  get matchCount(): number {
    if (this.#filter === '') return this.loadedCount;
    this.#matchCount ??= this.#countMatches();
    return this.#matchCount;
  }

  #countMatches(): number {
    let count = 0;
    for (const branch of this.#branches.values()) {
      for (const name of branch.shown) if (this.#matches(name)) count++;
    }
    return count;
  }

  isExpanded(path: string): boolean {
    return this.#branches.get(path)?.isExpanded ?? false;
  }

  /** Whether its children are on screen now: expanded, or opened by the filter. */
  isOpen(path: string): boolean {
    const branch = this.#branches.get(path);
    return branch !== undefined && this.#isOpen(branch);
  }

  hasChildrenOf(path: string): boolean {
    return this.#branches.has(path);
  }

  childrenOf(path: string): readonly string[] {
    return this.#branches.get(path)?.names ?? [];
  }

  /** The first that is on screen, or undefined while the node is closed or has none. */
  firstChildOf(path: string): string | undefined {
    const branch = this.#branches.get(path);
    const first = branch?.shown[0];
    return branch === undefined || first === undefined || !this.#isOpen(branch)
      ? undefined
      : joinPath(path, first);
  }

  noticeOf(path: string): Notice | undefined {
    return this.#branches.get(path)?.notice;
  }

  /** Whether the node is known to be there: the root, or a loaded child of its parent. */
  has(path: string): boolean {
    if (path === '/') return true;
    const parent = this.#branches.get(parentPath(path));
    return parent !== undefined && indexOfName(parent.names, baseName(path)) !== -1;
  }

  /** Expanded nodes whose ancestors are all expanded too: what is on screen without a filter. */
  *expandedPaths(): IterableIterator<string> {
    const stack = [this.#root];
    for (let branch = stack.pop(); branch !== undefined; branch = stack.pop()) {
      if (!branch.isExpanded) continue;
      yield branch.path;
      stack.push(...branch.branches.values());
    }
  }

  // ── expanding ────────────────────────────────────────────────────────────────────────────────────────────────

  /** Opens a node. Does nothing when its parent is not loaded or does not have it. */
  expand(path: string): void {
    const branch = this.#ensureBranch(path);
    if (branch === undefined) return;
    branch.isExpanded = true;
    branch.isFilteredClosed = false;
    this.#recount(branch);
  }

  /** Closes a node; what was loaded below it stays, for the next time. */
  collapse(path: string): void {
    const branch = this.#branches.get(path);
    if (branch === undefined) return;
    branch.isExpanded = false;
    branch.isFilteredClosed = this.#filter !== '';
    this.#recount(branch);
  }

  setNotice(path: string, notice: Notice | undefined): void {
    const branch = this.#ensureBranch(path);
    if (branch === undefined) return;
    branch.notice = notice;
    this.#recount(branch);
  }

  // ── children ─────────────────────────────────────────────────────────────────────────────────────────────────

  /** Adds names of a listing that is still coming in. */
  addChildren(path: string, names: readonly string[]): void {
    const branch = this.#ensureBranch(path);
    if (branch === undefined || names.length === 0) return;
    const sorted = sortedNames(names);
    branch.names = mergeNames(branch.names, sorted);
    if (this.#filter === '') branch.shown = branch.names;
    else branch.shown = mergeNames(branch.shown, this.#namesToShow(branch, sorted));
    this.#shownChanged(branch);
  }

  /** Takes a whole listing: names that are not in it go, with everything below them. Returns what went and came. */
  replaceChildren(path: string, names: readonly string[]): { added: string[]; removed: string[] } {
    const branch = this.#ensureBranch(path);
    if (branch === undefined) return { added: [], removed: [] };
    const next = [...sortedNames(names)];
    const difference = differenceOf(branch.names, next);
    if (difference.added.length === 0 && difference.removed.length === 0) return difference;
    for (const name of difference.removed) this.#forgetBelow(branch, name);
    branch.names = next;
    branch.shown = this.#filter === '' ? next : this.#namesToShow(branch, next);
    this.#shownChanged(branch);
    return difference;
  }

  /** One child appeared. False when its parent is not loaded, or has it already. */
  insert(path: string): boolean {
    const branch = path === '/' ? undefined : this.#branches.get(parentPath(path));
    if (branch === undefined) return false;
    const name = baseName(path);
    if (!insertName(branch.names, name)) return false;
    if (branch.shown !== branch.names && this.#matches(name)) insertName(branch.shown, name);
    this.#shownChanged(branch);
    return true;
  }

  /** One node went, with everything below it. False when it was not there. */
  remove(path: string): boolean {
    const branch = path === '/' ? undefined : this.#branches.get(parentPath(path));
    if (branch === undefined) return false;
    const name = baseName(path);
    if (!removeName(branch.names, name)) return false;
    if (branch.shown !== branch.names) removeName(branch.shown, name);
    this.#forgetBelow(branch, name);
    this.#shownChanged(branch);
    return true;
  }

  // ── filter ───────────────────────────────────────────────────────────────────────────────────────────────────

  /** Shows only loaded nodes whose name contains `text`, whatever its case, and their ancestors. */
  setFilter(text: string): void {
    const filter = text.toLowerCase();
    if (filter === this.#filter) return;
    this.#filter = filter;
    this.#refilterAll();
  }

  #refilterAll(): void {
    this.#matchCount = undefined;
    // Deepest first: whether a branch is shown depends on what is shown below it.
    const byDepth = [...this.#branches.values()].sort((a, b) => b.depth - a.depth);
    for (const branch of byDepth) {
      branch.isFilteredClosed = false;
      branch.shown = this.#filter === '' ? branch.names : this.#namesToShow(branch, branch.names);
      branch.layout = undefined;
      branch.rows = this.#countRows(branch);
    }
  }

  #matches(name: string): boolean {
    return this.#filter === '' || name.toLowerCase().includes(this.#filter);
  }

  #namesToShow(branch: Branch, names: readonly string[]): string[] {
    return names.filter((name) => this.#matches(name) || this.#hasMatchesBelow(branch.branches.get(name)));
  }

  #hasMatchesBelow(branch: Branch | undefined): boolean {
    return branch !== undefined && branch.shown.length > 0;
  }

  /** While filtering, a branch is open when something below it matches; a notice alone needs the person's expand. */
  #isOpen(branch: Branch): boolean {
    if (this.#filter === '') return branch.isExpanded;
    return !branch.isFilteredClosed && (branch.isExpanded || branch.shown.length > 0);
  }

  // ── rows ─────────────────────────────────────────────────────────────────────────────────────────────────────

  /** The row at `index`, or undefined when there is none. */
  rowAt(index: number): TreeRow | undefined {
    if (index < 0 || index >= this.#root.rows) return undefined;
    let branch = this.#root;
    let position = 1;
    let siblings = 1;
    for (let rest = index; ;) {
      if (rest === 0) return this.#branchRow(branch, { position, siblings });
      rest -= 1;
      if (branch.notice !== undefined) {
        if (rest === 0) {
          return { kind: 'notice', path: branch.path, depth: branch.depth + 1, notice: branch.notice };
        }
        rest -= 1;
      }
      const layout = this.#layoutOf(branch);
      const before = lastAtOrBefore(layout.rowsBefore, rest);
      const child = layout.branches[before];
      const childStart = layout.rowsBefore[before] ?? 0;
      siblings = branch.shown.length;
      if (child !== undefined && rest < childStart + child.rows) {
        position = (layout.positions[before] ?? 0) + 1;
        rest -= childStart;
        branch = child;
        continue;
      }
      const rowsAfter = child === undefined ? rest : rest - childStart - child.rows;
      const shownAt = child === undefined ? rest : (layout.positions[before] ?? 0) + 1 + rowsAfter;
      return leafRow(branch, shownAt);
    }
  }

  /** The row of a node, or -1 while an ancestor is closed, or when it is not loaded or filtered away. */
  indexOf(path: string): number {
    if (path === '/') return 0;
    let index = 0;
    let branch = this.#root;
    for (const step of [...ancestorsOf(path).slice(1), path]) {
      if (!this.#isOpen(branch)) return -1;
      const name = baseName(step);
      const position = indexOfName(branch.shown, name);
      if (position === -1) return -1;
      index += 1 + (branch.notice === undefined ? 0 : 1) + this.#rowsBefore(branch, position);
      const child = branch.branches.get(name);
      if (child === undefined) return step === path ? index : -1;
      branch = child;
    }
    return index;
  }

  /** Rows from the first child of `branch` to its shown child at `position`. */
  #rowsBefore(branch: Branch, position: number): number {
    const layout = this.#layoutOf(branch);
    const before = lastAtOrBefore(layout.positions, position - 1);
    const child = layout.branches[before];
    if (child === undefined) return position;
    return (layout.rowsBefore[before] ?? 0) + child.rows + (position - (layout.positions[before] ?? 0) - 1);
  }

  #branchRow(branch: Branch, place: { position: number; siblings: number }): NodeRow {
    return {
      kind: 'node',
      path: branch.path,
      name: branch.name,
      depth: branch.depth,
      isOpen: this.#isOpen(branch),
      loadedChildren: branch.names.length,
      ...place,
    };
  }

  #layoutOf(branch: Branch): Layout {
    if (branch.layout !== undefined) return branch.layout;
    const placed: { child: Branch; position: number }[] = [];
    for (const child of branch.branches.values()) {
      const position = indexOfName(branch.shown, child.name);
      if (position !== -1) placed.push({ child, position });
    }
    placed.sort((a, b) => a.position - b.position);
    const rowsBefore: number[] = [];
    let extra = 0;
    for (const { child, position } of placed) {
      rowsBefore.push(position + extra);
      extra += child.rows - 1;
    }
    branch.layout = {
      branches: placed.map(({ child }) => child),
      positions: placed.map(({ position }) => position),
      rowsBefore,
    };
    return branch.layout;
  }

  #countRows(branch: Branch): number {
    if (!this.#isOpen(branch)) return 1;
    let rows = 1 + (branch.notice === undefined ? 0 : 1) + branch.shown.length;
    for (const child of branch.branches.values()) {
      if (child.rows > 1 && this.#isShown(child)) rows += child.rows - 1;
    }
    return rows;
  }

  #isShown(branch: Branch): boolean {
    return this.#filter === '' || this.#matches(branch.name) || branch.shown.length > 0;
  }

  // ── keeping counts right ─────────────────────────────────────────────────────────────────────────────────────

  /** `branch.shown` changed: under a filter, its ancestors may have to appear or go as well. */
  #shownChanged(branch: Branch): void {
    if (this.#filter !== '') {
      for (let child = branch; child.parent !== undefined; child = child.parent) {
        const { parent } = child;
        const isListed = indexOfName(parent.names, child.name) !== -1;
        const hasChanged =
          isListed && this.#isShown(child)
            ? insertName(parent.shown, child.name)
            : removeName(parent.shown, child.name);
        parent.layout = undefined;
        if (!hasChanged) break;
      }
    }
    this.#recount(branch);
  }

  /** Counts `branch` again and hands the difference up to the root. */
  #recount(branch: Branch): void {
    this.#matchCount = undefined;
    for (let at: Branch | undefined = branch; at !== undefined; at = at.parent) {
      at.layout = undefined;
      at.rows = this.#countRows(at);
    }
  }

  /** The branch of a node that is loaded; made on demand. Undefined for a node that nobody listed. */
  #ensureBranch(path: string): Branch | undefined {
    const existing = this.#branches.get(path);
    if (existing !== undefined) return existing;
    const parent = this.#branches.get(parentPath(path));
    const name = baseName(path);
    if (parent === undefined || indexOfName(parent.names, name) === -1) return undefined;
    const branch = newBranch(name, joinPath(parent.path, name), parent);
    if (this.#filter !== '') branch.shown = [];
    parent.branches.set(name, branch);
    parent.layout = undefined;
    this.#branches.set(path, branch);
    return branch;
  }

  #forgetBelow(parent: Branch, name: string): void {
    const gone = parent.branches.get(name);
    if (gone === undefined) return;
    parent.branches.delete(name);
    const stack = [gone];
    for (let branch = stack.pop(); branch !== undefined; branch = stack.pop()) {
      this.#branches.delete(branch.path);
      stack.push(...branch.branches.values());
    }
  }
}

function leafRow(parent: Branch, shownAt: number): NodeRow {
  const name = parent.shown[shownAt];
  assert(name !== undefined, `no child ${shownAt} of ${parent.path} among ${parent.shown.length}`);
  return {
    kind: 'node',
    path: joinPath(parent.path, name),
    name,
    depth: parent.depth + 1,
    isOpen: false,
    loadedChildren: undefined,
    position: shownAt + 1,
    siblings: parent.shown.length,
  };
}

/** The index of the last number that is at most `value`; -1 when all are above it. Demands rising numbers. */
function lastAtOrBefore(numbers: readonly number[], value: number): number {
  let low = 0;
  let high = numbers.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if ((numbers[middle] ?? 0) <= value) low = middle + 1;
    else high = middle;
  }
  return low - 1;
}
