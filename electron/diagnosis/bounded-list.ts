/** A list that forgets its oldest members. Pure. */
export class BoundedList<T> {
  readonly #max: number;
  #members: T[] = [];

  constructor(max: number) {
    this.#max = max;
  }

  push(member: T): void {
    this.#members.push(member);
    if (this.#members.length > this.#max) this.#members = this.#members.slice(-this.#max);
  }

  get length(): number {
    return this.#members.length;
  }

  get last(): T | undefined {
    return this.#members.at(-1);
  }

  /** From the oldest on; undefined where there is none. */
  at(index: number): T | undefined {
    return this.#members[index];
  }

  indexOf(member: T): number {
    return this.#members.lastIndexOf(member);
  }

  some(test: (member: T) => boolean): boolean {
    return this.#members.some(test);
  }

  find(test: (member: T) => boolean): T | undefined {
    return this.#members.find(test);
  }

  findLast(test: (member: T) => boolean): T | undefined {
    return this.#members.findLast(test);
  }

  [Symbol.iterator](): Iterator<T> {
    return this.#members[Symbol.iterator]();
  }
}
