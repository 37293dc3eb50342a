/**
 * A set of field paths as `metadata.managedFields[].fieldsV1` writes them: a tree whose edges are
 * `f:<name>`, `k:<keys>` or `v:<value>`, and whose nodes may be members themselves (`.`).
 */
export class FieldSet {
  static readonly empty = new FieldSet(false, new Map());
  static readonly leaf = new FieldSet(true, new Map());

  static of(
    member: boolean,
    children: Iterable<readonly [string, FieldSet]>,
  ): FieldSet {
    const kept = new Map<string, FieldSet>();
    for (const [element, child] of children) {
      if (!child.isEmpty) kept.set(element, child);
    }
    return new FieldSet(member, kept);
  }

  /** Reads the wire form; what isn't an object counts as a leaf. */
  static fromFieldsV1(fields: unknown): FieldSet {
    const entries =
      typeof fields === 'object' && fields !== null
        ? Object.entries(fields)
        : [];
    if (entries.length === 0) return FieldSet.leaf;
    return FieldSet.of(
      entries.some(([element]) => element === '.'),
      entries
        .filter(([element]) => element !== '.')
        .map(([element, child]) => [element, FieldSet.fromFieldsV1(child)]),
    );
  }

  private constructor(
    readonly member: boolean,
    readonly children: ReadonlyMap<string, FieldSet>,
  ) {}

  get isEmpty(): boolean {
    return !this.member && this.children.size === 0;
  }

  child(element: string): FieldSet {
    return this.children.get(element) ?? FieldSet.empty;
  }

  withMember(): FieldSet {
    return this.member ? this : new FieldSet(true, this.children);
  }

  union(other: FieldSet): FieldSet {
    const children = new Map(this.children);
    for (const [element, child] of other.children) {
      const mine = children.get(element);
      children.set(element, mine ? mine.union(child) : child);
    }
    return new FieldSet(this.member || other.member, children);
  }

  difference(other: FieldSet): FieldSet {
    return this.combine(other, this.member && !other.member, (mine, theirs) =>
      mine.difference(theirs),
    );
  }

  intersection(other: FieldSet): FieldSet {
    return this.combine(other, this.member && other.member, (mine, theirs) =>
      mine.intersection(theirs),
    );
  }

  equals(other: FieldSet): boolean {
    return this.difference(other).isEmpty && other.difference(this).isEmpty;
  }

  /** The wire form. */
  toFieldsV1(): Record<string, unknown> {
    const fields: Record<string, unknown> = {};
    if (this.member && this.children.size > 0) fields['.'] = {};
    for (const element of [...this.children.keys()].sort()) {
      fields[element] = this.children.get(element)!.toFieldsV1();
    }
    return fields;
  }

  /** Each member as a path such as `.spec.containers[name="web"].image`, in order. */
  paths(prefix: string = ''): string[] {
    const below = [...this.children.keys()]
      .sort()
      .flatMap(element =>
        this.children.get(element)!.paths(`${prefix}${segment(element)}`),
      );
    return this.member ? [prefix, ...below] : below;
  }

  private combine(
    other: FieldSet,
    member: boolean,
    each: (mine: FieldSet, theirs: FieldSet) => FieldSet,
  ): FieldSet {
    return FieldSet.of(
      member,
      [...this.children].map(([element, child]) => [
        element,
        each(child, other.child(element)),
      ]),
    );
  }
}

function segment(element: string): string {
  const content = element.slice(2);
  if (element.startsWith('f:')) return `.${content}`;
  if (element.startsWith('v:')) return `[=${content}]`;
  if (element.startsWith('i:')) return `[${content}]`;
  try {
    const keys = Object.entries(JSON.parse(content) as object);
    return `[${keys
      .map(([key, value]) => `${key}=${JSON.stringify(value)}`)
      .join(',')}]`;
  } catch {
    return `[${content}]`;
  }
}
