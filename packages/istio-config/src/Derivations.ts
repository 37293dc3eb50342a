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

/** The old layer takes the recent one in once that is as large as this part of it… */
const RECENT_SHARE = 0.25;
/** …or once more keys than this have changed since. */
const MOST_CHANGED = 2000;

/** Of one computation, so many values are kept whatever the size of the set: a key may come from outside, and be anything. */
const MOST_KEYS = 2000;
/** And so many for each object: what is asked of objects is asked by the names of clients and hosts, too. */
const MOST_KEYS_PER_OBJECT = 2;

interface Reading<Source> {
  /** Absent while a value of before is only looked at again. */
  own?: { reads: Reads; uses: Uses<Source> };
  /** What such a value has read itself. */
  reads?: Reads;
  /** Absent as long as nothing else was used. */
  reach?: Reach;
}

/** What was derived from a set, each value with what it read: after a change the rest need not be computed again. */
export class Derivations<Source> {
  private readonly derived: Table<Source> = new Map();
  /** A recent one, and an old one that holds most: a change costs what is recent, not what a whole mesh has. */
  private layers: readonly Layer<Source>[] = [];
  /** What each computation under way has read so far, the innermost last. */
  private readonly reading: Reading<Source>[] = [];

  private most: number | undefined;

  /** @param objects how many the set holds; asked only where much was derived */
  constructor(
    private readonly set: Source,
    private readonly objects: () => number,
  ) {}

  /** How many values are kept. */
  get size(): number {
    return [{ table: this.derived }, ...this.layers].reduce(
      (sum, { table }) => sum + sizeOf(table),
      0,
    );
  }

  derive<T>(compute: Compute<T, Source>, key: string): T {
    const known =
      this.derived.get(compute) ?? new Map<string, Derived<Source>>();
    this.derived.set(compute, known);
    let entry = known.get(key) ?? this.inherited(compute, key);
    if (entry?.isDoubtful) {
      const now = this.readAgain(entry);
      entry = now && { ...entry, reach: now.reach, isDoubtful: false };
    }
    if (!entry) {
      const own = { reads: new Set<string>(), uses: new Map() };
      const reading: Reading<Source> = { own };
      this.reading.push(reading);
      try {
        const value = compute(this.set, key);
        entry = { value, ...own, reach: reading.reach, isDoubtful: false };
      } finally {
        this.reading.pop();
      }
    }
    known.set(key, entry);
    if (known.size > MOST_KEYS && known.size > this.mostKeys()) {
      forgetOldest(known);
    }
    this.use(compute, key, entry);
    return entry.value as T;
  }

  /** Notes what the computation under way reads. */
  read(key: string) {
    const reading = this.reading.at(-1);
    reading?.own?.reads.add(key);
    reading?.reach?.add(key);
  }

  /** Takes over what none of the changes can have changed; the rest is forgotten, or looked at again when it is asked for. */
  inherit(before: Derivations<Source>, changed: ReadonlySet<string>) {
    const [own, recent, old] = [
      { table: before.derived, changed: new Set<string>() },
      ...before.layers,
    ].map(layer => ({
      ...layer,
      changed: new Set([...layer.changed, ...changed]),
    }));
    const most = this.mostKeys();
    const newer = recent && old ? merged(own, recent, most) : own;
    const older = old ?? recent;
    const isSettled =
      older &&
      older.changed.size <= MOST_CHANGED &&
      sizeOf(newer.table) <= sizeOf(older.table) * RECENT_SHARE;
    if (isSettled) {
      this.layers = [newer, older];
    } else {
      this.layers = [older ? merged(newer, older, most) : newer];
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

  /** What a value of before the last changes reads now; undefined where something it was derived from is another. */
  private readAgain(entry: Derived<Source>): Reading<Source> | undefined {
    const now: Reading<Source> = { reads: entry.reads };
    this.reading.push(now);
    try {
      for (const [compute, values] of entry.uses) {
        for (const [key, value] of values) {
          if (!isSame(this.derive(compute, key), value)) {
            return undefined;
          }
        }
      }
    } finally {
      this.reading.pop();
    }
    return now;
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
    const known = outer.own?.uses.get(compute);
    if (known?.has(key)) {
      return;
    }
    if (known) {
      known.set(key, entry.value);
    } else {
      outer.own?.uses.set(compute, new Map([[key, entry.value]]));
    }
    outer.reach ??= new Reach(outer.own?.reads ?? outer.reads ?? []);
    outer.reach.addAll(entry.reach ?? entry.reads);
  }
}

/** What a value is worth after some changes: undefined where it read one of them. */
function after<Source>(
  changed: ReadonlySet<string>,
  entry: Derived<Source>,
): Derived<Source> | undefined {
  if (touches(changed, entry.reads)) {
    return undefined;
  }
  const isDoubtful =
    entry.isDoubtful || entry.reach?.isTouchedBy(changed) === true;
  return isDoubtful === entry.isDoubtful ? entry : { ...entry, isDoubtful };
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

function sizeOf<Source>(table: Table<Source>): number {
  let size = 0;
  for (const entries of table.values()) {
    size += entries.size;
  }
  return size;
}
