import { kindOfRead, touches } from './reads';

/** More are kept by their kinds alone: it is seldom that only one namespace of a kind matters to what read so much. */
const MOST_KEYS = 16;

/** What a derived value and all that it was derived from have read: each key or, once these are many, their kinds. */
export class Reach {
  private keys: Set<string>;
  private isByKind = false;

  constructor(reads: Reach | Iterable<string>) {
    if (reads instanceof Reach) {
      this.keys = new Set(reads.keys);
      this.isByKind = reads.isByKind;
    } else {
      this.keys = new Set(reads);
    }
  }

  add(key: string): void {
    if (this.isByKind) {
      this.keys.add(kindOfRead(key));
      return;
    }
    if (!this.keys.has(key)) {
      this.keys.add(key);
      if (this.keys.size > MOST_KEYS) {
        this.isByKind = true;
        this.keys = new Set([...this.keys].map(kindOfRead));
      }
    }
  }

  addAll(reads: Reach | Iterable<string>): void {
    for (const key of reads instanceof Reach ? reads.keys : reads) {
      this.add(key);
    }
  }

  isTouchedBy(changed: ReadonlySet<string>): boolean {
    return touches(changed, this.keys);
  }
}
