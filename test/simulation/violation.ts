/** A promise that was broken. `property` is one of Zab's or one of ours, by the names of STYLE.md. */
export type Property =
  | 'Integrity'
  | 'TotalOrder'
  | 'Agreement'
  | 'LocalPrimaryOrder'
  | 'GlobalPrimaryOrder'
  | 'PrimaryIntegrity'
  | 'LinearizableWrites'
  | 'SessionOrder'
  | 'WatchOrder'
  | 'SessionExpiry'
  | 'Durability'
  | 'Convergence';

export class Violation extends Error {
  override readonly name = 'Violation';
  readonly property: Property;

  constructor(property: Property, message: string) {
    super(`${property}: ${message}`);
    this.property = property;
  }
}

export function demand(condition: boolean, property: Property, message: () => string): asserts condition {
  if (!condition) throw new Violation(property, message());
}
