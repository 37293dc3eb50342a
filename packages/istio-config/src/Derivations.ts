import { isSame } from './isSame';
import { Reach } from './Reach';
import { Reads, touches } from './reads';

/** Derives a value from a set, by a key. */
export type Compute<T, Source> = (set: Source, key: string) => T;

/** Something derived from a set, with what it was derived from. */
interface Derived<Source> {
  value: unknown;
  reads: Reads;
  uses: Uses<Source>;
  /** What it and all that it was derived from have read; absent where it was derived from nothing else. */
  reach?: Reach;
  /** The generation in which `reach` was last worked out. */
  reachOf: number;
  /** Whether one of `uses` may have another value since the last change. */
  isDoubtful: boolean;
}

/** The derived values that another was derived from, each once. */
type Uses<Source> = Map<Compute<unknown, Source>, Map<string, unknown>>;

type Table<Source> = Map<unknown, Map<string, Derived<Source>>>;

/** What was derived from sets before, and what changed since. */
interface Layer<Source> {
  table: Table<Source>;
  changed: ReadonlySet<string>;
}

/** So many changes are kept apart before they are put together: to put together costs more than to look in one place more. */
const MOST_LAYERS = 5;
/** The oldest layer takes the others in once they are as large as this part of it… */
const RECENT_SHARE = 0.5;
/** …or once more keys than this have changed since. */
const MOST_CHANGED = 2000;

/** Of one computation, so many values are kept whatever the size of the set: a key may come from outside, and be anything. */
const MOST_KEYS = 2000;
/** And so many for each object: what is asked of objects is asked by the names of clients and hosts, too. */
const MOST_KEYS_PER_OBJECT = 2;

interface Reading<Source> {
  reads: Reads;
  uses: Uses<Source>;
  /** Absent as long as nothing else was used. */
  reach?: Reach;
}

/** What was derived from a set, each value with what it read: after a change the rest need not be computed again. */
export class Derivations<Source> {
  private readonly derived: Table<Source> = new Map();
  /** The most recent first, the last holds most: a change costs what is recent, not what a whole mesh has. */
  private layers: readonly Layer<Source>[] = [];
  /** What each computation under way has read so far, the innermost last. */
  private readonly reading: Reading<Source>[] = [];
  /** How many changes lie behind the set: of two values, the one that was worked out later has the greater. */
  private generation = 0;

  private most: number | undefined;

  /** @param objects how many the set holds; asked only where much was derived */
  constructor(
    private readonly set: Source,
    private readonly objects: () => number,
  ) {}

  /** How many values are kept. */
  get size(): number {
    return sizeOf([{ table: this.derived }, ...this.layers]);
  }

  derive<T>(compute: Compute<T, Source>, key: string): T {
    const entry = this.entryOf(compute, key);
    this.use(compute, key, entry);
    return entry.value as T;
  }

  /**
   * A part of what is under way: kept for when the whole is derived again, but what it reads counts as read by the whole itself.
   * So a change elsewhere looks at the whole alone, and one that concerns it computes only some of its parts.
   */
  derivePart<T>(compute: Compute<T, Source>, key: string): T {
    const part = this.entryOf(compute, key);
    const whole = this.reading.at(-1);
    if (whole) {
      part.reads.forEach(read => this.read(read));
      for (const [from, values] of part.uses) {
        const known = whole.uses.get(from);
        if (known) {
          values.forEach((value, of) => known.set(of, value));
        } else {
          whole.uses.set(from, new Map(values));
        }
      }
      if (part.reach) {
        whole.reach ??= new Reach(whole.reads);
        whole.reach.addAll(part.reach);
      }
    }
    return part.value as T;
  }

  /** Notes what the computation under way reads. */
  read(key: string) {
    const reading = this.reading.at(-1);
    reading?.reads.add(key);
    reading?.reach?.add(key);
  }

  /** Takes over what none of the changes can have changed; the rest is forgotten, or looked at again when it is asked for. */
  inherit(before: Derivations<Source>, changed: ReadonlySet<string>) {
    this.generation = before.generation + 1;
    const layers: Layer<Source>[] = [
      { table: before.derived, changed: new Set<string>() },
      ...before.layers,
    ].map(layer => ({
      ...layer,
      changed: new Set([...layer.changed, ...changed]),
    }));
    const oldest = layers.at(-1)!;
    const recent = layers.slice(0, -1);
    const most = this.mostKeys();
    const isSmall =
      oldest.changed.size <= MOST_CHANGED &&
      sizeOf(recent) <= sizeOf([oldest]) * RECENT_SHARE;
    if (!isSmall) {
      this.layers = [mergedAll(layers, most)];
    } else if (recent.length < MOST_LAYERS) {
      this.layers = layers;
    } else {
      this.layers = [mergedAll(recent, most), oldest];
    }
  }

  private entryOf(
    compute: Compute<unknown, Source>,
    key: string,
  ): Derived<Source> {
    const known =
      this.derived.get(compute) ?? new Map<string, Derived<Source>>();
    this.derived.set(compute, known);
    let entry = known.get(key) ?? this.inherited(compute, key);
    if (entry?.isDoubtful) {
      entry = this.readAgain(entry);
    }
    entry ??= this.compute(compute, key);
    known.set(key, entry);
    if (known.size > MOST_KEYS && known.size > this.mostKeys()) {
      forgetOldest(known);
    }
    return entry;
  }

  private compute(
    compute: Compute<unknown, Source>,
    key: string,
  ): Derived<Source> {
    const reading: Reading<Source> = { reads: new Set(), uses: new Map() };
    this.reading.push(reading);
    try {
      const value = compute(this.set, key);
      return {
        value,
        ...reading,
        reachOf: this.generation,
        isDoubtful: false,
      };
    } finally {
      this.reading.pop();
    }
  }

  private mostKeys(): number {
    this.most ??= MOST_KEYS + MOST_KEYS_PER_OBJECT * this.objects();
    return this.most;
  }

  private inherited(
    compute: unknown,
    key: string,
  ): Derived<Source> | undefined {
    for (const { table, changed } of this.layers) {
      const entry = table.get(compute)?.get(key);
      if (entry) {
        return after(changed, entry);
      }
    }
    return undefined;
  }

  /**
   * A value of before the last changes as it stands now; undefined where something it was derived from is another. Its reach only
   * grows: to look at a value once too often is cheaper than to put its reach together again.
   */
  private readAgain(entry: Derived<Source>): Derived<Source> | undefined {
    let reach: Reach | undefined;
    for (const [compute, values] of entry.uses) {
      const known = this.derived.get(compute);
      for (const [key, value] of values) {
        // What no change can have touched stays where it is kept: most of a mesh.
        let used = known?.get(key) ?? this.inherited(compute, key);
        if (!used || used.isDoubtful) {
          used = this.entryOf(compute, key);
        }
        if (!isSame(used.value, value)) {
          return undefined;
        }
        if (used.reachOf > entry.reachOf) {
          reach ??= new Reach(entry.reach ?? entry.reads);
          reach.addAll(used.reach ?? used.reads);
        }
      }
    }
    return reach
      ? { ...entry, reach, reachOf: this.generation, isDoubtful: false }
      : { ...entry, isDoubtful: false };
  }

  private use(
    compute: Compute<unknown, Source>,
    key: string,
    entry: Derived<Source>,
  ) {
    const outer = this.reading.at(-1);
    if (!outer) {
      return;
    }
    const known = outer.uses.get(compute);
    if (known?.has(key)) {
      return;
    }
    if (known) {
      known.set(key, entry.value);
    } else {
      outer.uses.set(compute, new Map([[key, entry.value]]));
    }
    outer.reach ??= new Reach(outer.reads);
    outer.reach.addAll(entry.reach ?? entry.reads);
  }
}

/** What a value is worth after some changes: undefined where it read one of them. */
function after<Source>(
  changed: ReadonlySet<string>,
  entry: Derived<Source>,
): Derived<Source> | undefined {
  // Its reach holds what it has read itself, too.
  if (entry.reach && !entry.reach.isTouchedBy(changed)) {
    return entry;
  }
  if (touches(changed, entry.reads)) {
    return undefined;
  }
  return entry.reach && !entry.isDoubtful
    ? { ...entry, isDoubtful: true }
    : entry;
}

/** Half of them: the rest is derived again where somebody asks for it again. */
function forgetOldest<Source>(entries: Map<string, Derived<Source>>): void {
  const kept = entries.size / 2;
  for (const key of entries.keys()) {
    if (entries.size <= kept) {
      return;
    }
    entries.delete(key);
  }
}

/**
 * One layer instead of two: `older` knows all that changed since, `newer` the later part of it. Of what was not asked for since,
 * only so much is kept that a computation has no more than `most` values.
 */
function merged<Source>(
  newer: Layer<Source>,
  older: Layer<Source>,
  most: number,
): Layer<Source> {
  const between = new Set(
    [...older.changed].filter(key => !newer.changed.has(key)),
  );
  const table: Table<Source> = new Map();
  for (const [compute, entries] of newer.table) {
    table.set(compute, new Map(entries));
  }
  for (const [compute, entries] of older.table) {
    const all = table.get(compute) ?? new Map<string, Derived<Source>>();
    table.set(compute, all);
    for (const [key, entry] of entries) {
      if (all.size < most && !all.has(key)) {
        const kept = after(between, entry);
        if (kept) {
          all.set(key, kept);
        }
      }
    }
  }
  return { table, changed: newer.changed };
}

function mergedAll<Source>(
  layers: readonly Layer<Source>[],
  most: number,
): Layer<Source> {
  return layers.reduce((newer, older) => merged(newer, older, most));
}

function sizeOf<Source>(
  layers: readonly Pick<Layer<Source>, 'table'>[],
): number {
  let size = 0;
  for (const { table } of layers) {
    for (const entries of table.values()) {
      size += entries.size;
    }
  }
  return size;
}
