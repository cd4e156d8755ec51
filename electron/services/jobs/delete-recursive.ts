/**
 * Deletes a subtree, children before parents, many requests on the wire at a time.
 *
 * A depth-first walk over a stack of nodes whose children are listed: the deepest open one gives the next child, so memory
 * holds the lists along a few branches, not the tree. Nodes that vanish meanwhile count as deleted; nodes that appear
 * meanwhile are found when their parent turns out not to be empty, and are deleted too. A node that may not be deleted is
 * noted and its ancestors stay; anything but such a refusal (a lost connection, a lock that came back) ends the job.
 */
import { assert } from '../../../shared/assert.ts';
import { KeeperError } from '../../../shared/errors.ts';
import { joinPath, withChroot } from '../../../shared/path.ts';
import { deferred } from '../../client/deferred.ts';
import type { ReadingClient, WritingClient } from '../connections/open-connection.ts';
import { SYSTEM_ROOT } from '../znodes/count-subtree.ts';
import type { JobReporter } from './job.ts';

const OUTSTANDING_MAX = 64;
/** How often a node that is filled again while it is emptied is listed anew. */
const LISTINGS_MAX = 5;

export interface DeleteRecursiveOptions {
  readonly reader: Pick<ReadingClient, 'getChildren'>;
  /** Asked for each write; throws when writes are locked again. */
  readonly writer: () => Pick<WritingClient, 'delete'>;
  readonly path: string;
  readonly chroot: string;
  readonly reporter: JobReporter;
}

/** A node whose children are being deleted. */
interface Branch {
  readonly path: string;
  readonly parent: Branch | undefined;
  names: readonly string[];
  /** The index in `names` of the child that comes next. */
  next: number;
  /** Children under way: listed, or being deleted. */
  openChildren: number;
  listings: number;
  /** Whether something below stays, so that this stays as well. */
  isBlocked: boolean;
}

/** Resolves when everything is deleted that can be, or after a cancel. Rejects with what ended it early. */
export function deleteRecursive(options: DeleteRecursiveOptions): Promise<void> {
  return new RecursiveDelete(options).run();
}

class RecursiveDelete {
  readonly #options: DeleteRecursiveOptions;
  /** Branches that have children left to start; the deepest last. */
  readonly #stack: Branch[] = [];
  readonly #done = deferred<undefined>();
  #outstanding = 0;
  #failure: Error | undefined;

  constructor(options: DeleteRecursiveOptions) {
    this.#options = options;
  }

  async run(): Promise<void> {
    this.#visit(this.#options.path, undefined);
    await this.#done.promise;
  }

  /** Starts as much as the window allows. */
  #pump(): void {
    while (this.#outstanding < OUTSTANDING_MAX && !this.#isStopping) {
      const branch = this.#stack.at(-1);
      if (branch === undefined) break;
      const name = branch.names[branch.next];
      assert(name !== undefined, 'a branch on the stack has a child left');
      branch.next++;
      if (branch.next === branch.names.length) this.#stack.pop();
      const path = joinPath(branch.path, name);
      if (!this.#isSystem(path)) this.#visit(path, branch);
    }
    if (this.#outstanding > 0) return;
    if (this.#failure === undefined) this.#done.resolve(undefined);
    else this.#done.reject(this.#failure);
  }

  get #isStopping(): boolean {
    return this.#failure !== undefined || this.#options.reporter.signal.aborted;
  }

  #isSystem(path: string): boolean {
    return withChroot({ chroot: this.#options.chroot, path }) === SYSTEM_ROOT;
  }

  /** Runs one request; whatever comes of it, the window moves on. */
  #send(work: () => Promise<void>): void {
    this.#outstanding++;
    work()
      .catch((error: unknown) => {
        this.#failure ??= asError(error);
      })
      .finally(() => {
        this.#outstanding--;
        this.#pump();
      });
  }

  #visit(path: string, parent: Branch | undefined): void {
    if (parent !== undefined) parent.openChildren++;
    const branch: Branch = {
      path,
      parent,
      names: [],
      next: 0,
      openChildren: 0,
      listings: 0,
      isBlocked: false,
    };
    this.#send(() => this.#list(branch));
  }

  async #list(branch: Branch): Promise<void> {
    branch.listings++;
    try {
      branch.names = (await this.#options.reader.getChildren(branch.path)).children;
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (error.code === 'NONODE') this.#onGone(branch);
      else this.#onRefused(branch, error);
      return;
    }
    branch.next = 0;
    if (branch.names.length > 0) this.#stack.push(branch);
    // A root that has only ZooKeeper's own nodes left comes here too.
    else await this.#delete(branch);
  }

  async #delete(branch: Branch): Promise<void> {
    if (this.#isStopping) return;
    if (branch.path === '/') return;
    try {
      await this.#options.writer().delete(branch.path);
      this.#onGone(branch);
    } catch (error) {
      if (!isRefusal(error)) throw error;
      if (error.code === 'NONODE') this.#onGone(branch);
      else if (error.code === 'NOTEMPTY' && branch.listings < LISTINGS_MAX) await this.#list(branch);
      else this.#onRefused(branch, error);
    }
  }

  #onGone(branch: Branch): void {
    this.#options.reporter.onDone(branch.path);
    this.#onChildEnded(branch.parent);
  }

  #onRefused(branch: Branch, error: KeeperError): void {
    this.#options.reporter.onError(branch.path, error);
    for (let above = branch.parent; above !== undefined && !above.isBlocked; above = above.parent) {
      above.isBlocked = true;
    }
    this.#onChildEnded(branch.parent);
  }

  /** The last child of a branch makes the branch itself deletable, or leaves it standing. */
  #onChildEnded(branch: Branch | undefined): void {
    if (branch === undefined) return;
    branch.openChildren--;
    if (branch.openChildren > 0 || branch.next < branch.names.length) return;
    branch.names = [];
    branch.next = 0;
    if (branch.isBlocked) this.#onChildEnded(branch.parent);
    else this.#send(() => this.#delete(branch));
  }
}

type Refusal = KeeperError & { readonly code: 'NOAUTH' | 'NONODE' | 'NOTEMPTY' };

/** What concerns one node only. */
function isRefusal(error: unknown): error is Refusal {
  return (
    error instanceof KeeperError &&
    (error.code === 'NOAUTH' || error.code === 'NONODE' || error.code === 'NOTEMPTY')
  );
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
