import { NotFoundError } from '@backstage/errors';
import { SetReading } from '@meshdeck/istio-config';
import { AsyncLocalStorage } from 'async_hooks';
import type { ClusterSnapshot } from '../cluster/ClusterStore';
import type { ClusterStores } from '../cluster/ClusterStores';

/** Something that was built, and what of the clusters it was built from. */
interface Built<T> {
  value: T;
  /** Whether the clusters still say the same of all that was read; of what noted nothing, nobody knows. */
  isCurrent(clusters: ClusterStores): boolean;
}

interface ClusterReading {
  cluster: string;
  health: string;
  reading: SetReading;
}

/** What is being built, with all that it has read: services that it is made of need not pass it on. */
const underWay = new AsyncLocalStorage<ClusterReading[]>();

/** What a cluster's store knows now. @throws NotFoundError for a cluster that is not configured. */
export async function snapshotOf(
  clusters: ClusterStores,
  cluster: string,
): Promise<ClusterSnapshot> {
  const store = await clusters.get(cluster);
  if (!store) {
    throw new NotFoundError(
      `The portal knows no cluster ${cluster}. Add it under kubernetes.clusterLocatorMethods in app-config.yaml.`,
    );
  }
  const snapshot = store.snapshot();
  const readings = underWay.getStore();
  if (!readings) {
    return snapshot;
  }
  const reading = new SetReading();
  readings.push({ cluster, health: healthOf(snapshot), reading });
  return { ...snapshot, set: snapshot.set.notedIn(reading) };
}

/** Builds something, and notes what is read through {@link snapshotOf} meanwhile. */
export async function noted<T>(build: () => Promise<T>): Promise<Built<T>> {
  const readings: ClusterReading[] = [];
  const value = await underWay.run(readings, build);
  return {
    value,
    isCurrent: clusters =>
      readings.length > 0 &&
      readings.every(({ cluster, health, reading }) => {
        const now = clusters.peek(cluster);
        return (
          now !== undefined &&
          healthOf(now) === health &&
          reading.isSameIn(now.set)
        );
      }),
  };
}

/** What a view says of the cluster itself. */
function healthOf({ source, ready }: ClusterSnapshot): string {
  return JSON.stringify([ready, source.status, source.message]);
}
