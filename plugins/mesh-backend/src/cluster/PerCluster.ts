import type { ClusterStores } from './ClusterStores';

/** A value for each cluster; it is forgotten once the portal does not know the cluster any more. */
export class PerCluster<T> {
  static create<T>(
    clusters: Pick<ClusterStores, 'onChange' | 'has'>,
  ): PerCluster<T> {
    return new PerCluster(clusters);
  }

  private readonly values = new Map<string, T>();

  private constructor(clusters: Pick<ClusterStores, 'onChange' | 'has'>) {
    clusters.onChange(cluster => {
      if (!clusters.has(cluster)) {
        this.values.delete(cluster);
      }
    });
  }

  get size(): number {
    return this.values.size;
  }

  get(cluster: string): T | undefined {
    return this.values.get(cluster);
  }

  getOrMake(cluster: string, make: () => T): T {
    const known = this.values.get(cluster);
    if (known !== undefined) {
      return known;
    }
    const made = make();
    this.values.set(cluster, made);
    return made;
  }

  set(cluster: string, value: T): void {
    this.values.set(cluster, value);
  }

  delete(cluster: string): void {
    this.values.delete(cluster);
  }
}
