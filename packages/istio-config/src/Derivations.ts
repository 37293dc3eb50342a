import type { MeshConfigSet } from './MeshConfigSet';
import { Reads, touches } from './reads';

export type Compute<T> = (set: MeshConfigSet, key: string) => T;

/** Something derived from a set, with what it was derived from. */
interface Derived {
  value: unknown;
  reads: Reads;
  uses: Uses;
  /** What it and all that it was derived from have read, or {@link ANYTHING} where that is too much to keep. */
  reach: Reads;
  /** Whether one of `uses` may have another value since the last change. */
  isDoubtful: boolean;
}

/** The derived values that another was derived from, each once. */
type Uses = Map<Compute<unknown>, Map<string, unknown>>;

/** A value that was derived from more than this is looked at again after every change. */
const MOST_REACH = 500;
const ANYTHING: Reads = new Set();

interface Reading {
  /** Absent while a value of before is only looked at again. */
  own?: { reads: Reads; uses: Uses };
  /** What such a value has read itself. */
  reads?: Reads;
  /** Absent as long as nothing else was used: then it is what was read. */
  reach?: Reads;
}

/** What was derived from a set, each value with what it read: after a change the rest need not be computed again. */
export class Derivations {
  private readonly derived = new Map<unknown, Map<string, Derived>>();
  /** What each computation under way has read so far, the innermost last. */
  private readonly reading: Reading[] = [];

  constructor(private readonly set: MeshConfigSet) {}

  derive<T>(compute: Compute<T>, key: string): T {
    const known = this.derived.get(compute) ?? new Map<string, Derived>();
    this.derived.set(compute, known);
    let entry = known.get(key);
    if (entry?.isDoubtful) {
      const now = this.readAgain(entry);
      entry = now && {
        ...entry,
        reach: now.reach ?? entry.reads,
        isDoubtful: false,
      };
    }
    if (!entry) {
      const own = { reads: new Set<string>(), uses: new Map() };
      const reading: Reading = { own };
      this.reading.push(reading);
      try {
        const value = compute(this.set, key);
        entry = {
          value,
          ...own,
          reach: reading.reach ?? own.reads,
          isDoubtful: false,
        };
      } finally {
        this.reading.pop();
      }
    }
    known.set(key, entry);
    this.use(compute, key, entry);
    return entry.value as T;
  }

  /** Notes what the computation under way reads. */
  read(key: string) {
    const reading = this.reading.at(-1);
    reading?.own?.reads.add(key);
    if (reading?.reach !== ANYTHING) {
      reading?.reach?.add(key);
    }
  }

  /** Takes over what none of the changes can have changed; the rest is forgotten, or looked at again when it is asked for. */
  inherit(before: Derivations, changed: ReadonlySet<string>) {
    for (const [compute, entries] of before.derived) {
      const kept = new Map<string, Derived>();
      for (const [key, entry] of entries) {
        if (!touches(changed, entry.reads)) {
          kept.set(
            key,
            !entry.isDoubtful &&
              (entry.reach === ANYTHING || touches(changed, entry.reach))
              ? { ...entry, isDoubtful: true }
              : entry,
          );
        }
      }
      this.derived.set(compute, kept);
    }
  }

  /** What a value of before the last changes reads now; undefined where something it was derived from is another. */
  private readAgain(entry: Derived): Reading | undefined {
    const now: Reading = { reads: entry.reads };
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

  private use(compute: Compute<unknown>, key: string, entry: Derived) {
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
    const reach = (outer.reach ??= new Set(outer.own?.reads ?? outer.reads));
    if (
      reach === ANYTHING ||
      entry.reach === ANYTHING ||
      reach.size > MOST_REACH
    ) {
      outer.reach = ANYTHING;
      return;
    }
    for (const read of entry.reach) {
      reach.add(read);
    }
  }
}

/** The same value, or lists of the same items. */
function isSame(a: unknown, b: unknown): boolean {
  return (
    a === b ||
    (Array.isArray(a) &&
      Array.isArray(b) &&
      a.length === b.length &&
      a.every((item, index) => item === b[index]))
  );
}
