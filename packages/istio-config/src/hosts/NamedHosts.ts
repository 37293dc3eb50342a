import { type Comparable, isSame } from '../isSame';
import type { KubeObject } from '../kube/KubeObject';

/** Hosts, each with the objects that name it, in the order in which they were added. */
export class NamedHosts implements Comparable {
  private readonly objects = new Map<string, readonly KubeObject[]>();

  /** What is in several, a host that more than one names with the objects of all. */
  static ofAll(lists: Iterable<NamedHosts>): NamedHosts {
    const all = new NamedHosts();
    for (const hosts of lists) {
      for (const [host, objects] of hosts) {
        all.add(host, objects);
      }
    }
    return all;
  }

  add(host: string, objects: readonly KubeObject[]): void {
    const known = this.objects.get(host);
    this.objects.set(host, known ? [...known, ...objects] : objects);
  }

  naming(host: string): readonly KubeObject[] {
    return this.objects.get(host) ?? [];
  }

  [Symbol.iterator]() {
    return this.objects[Symbol.iterator]();
  }

  isSameAs(other: unknown): boolean {
    if (
      !(other instanceof NamedHosts) ||
      other.objects.size !== this.objects.size
    ) {
      return false;
    }
    for (const [host, objects] of this.objects) {
      if (!isSame(objects, other.objects.get(host))) {
        return false;
      }
    }
    return true;
  }
}
