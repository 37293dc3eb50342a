import { SetReading } from '@meshdeck/istio-config';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { ClusterSnapshot } from '../cluster/ClusterStore';
import type { ClusterStores } from '../cluster/ClusterStores';

/** A question that is kept, with what asks it again. */
const BYTES_PER_QUESTION = 250;

interface ClusterReading {
  cluster: string;
  health: string;
  reading: SetReading;
}

/**
 * Reads the clusters for one view that is being built, and notes what of them it is built from. It is handed on from call
 * to call: an AsyncLocalStorage would slow down every promise of the portal.
 */
export class NotedReader implements ClusterReader {
  private readonly readings: ClusterReading[] = [];

  constructor(private readonly clusters: ClusterStores) {}

  async snapshot(cluster: string): Promise<ClusterSnapshot> {
    const snapshot = await this.clusters.snapshot(cluster);
    const reading = new SetReading();
    this.readings.push({ cluster, health: healthOf(snapshot), reading });
    return { ...snapshot, set: snapshot.set.notedIn(reading) };
  }

  /** About how much memory it takes to know what was read. */
  get bytes(): number {
    return this.readings.reduce(
      (sum, { reading }) => sum + reading.size * BYTES_PER_QUESTION,
      0,
    );
  }

  /** Whether the clusters still say the same of all that was read; of a view that read nothing, nobody knows. */
  isCurrent(): boolean {
    return (
      this.readings.length > 0 &&
      this.readings.every(({ cluster, health, reading }) => {
        const now = this.clusters.peek(cluster);
        return (
          now !== undefined &&
          healthOf(now) === health &&
          reading.isSameIn(now.set)
        );
      })
    );
  }
}

/** What a view says of the cluster itself. */
function healthOf({ source, ready }: ClusterSnapshot): string {
  return JSON.stringify([ready, source.status, source.message]);
}
