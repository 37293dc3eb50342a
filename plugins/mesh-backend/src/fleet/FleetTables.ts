import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import type { ClusterStores } from '../cluster/ClusterStores';
import { PerCluster } from '../cluster/PerCluster';
import { FleetFacts, fleetFacts, fleetServices } from './fleetFacts';
import { LastKnown } from './LastKnown';
import { Slice } from '../eventLoop/Slice';

/** A cluster that changes all the time is looked at this often. */
const FRESH_MS = 3000;
/** How soon a cluster that was not read yet is looked at again. */
const UNREAD_MS = 200;
/** An older table is not shown while there is a newer one to wait for. */
const USABLE_MS = 30_000;

/** The services of one cluster, as far as they were looked at. */
export interface FleetTable {
  facts: readonly FleetFacts[];
  /** How many are still to be looked at. */
  pending: number;
  /** Of the cluster, not of the facts. */
  version: string;
  /** False where the cluster was not read yet. */
  isRead: boolean;
}

const nothing: FleetTable = {
  facts: [],
  pending: 0,
  version: '',
  isRead: false,
};

/** Keeps the table of each cluster, and rebuilds it after changes once somebody asks. */
export class FleetTables {
  static create(options: { clusters: ClusterStores; patienceMs: number }) {
    return new FleetTables(options);
  }

  private readonly tables: PerCluster<LastKnown<FleetTable>>;
  /** The first table of a cluster while it grows. */
  private readonly growing: PerCluster<FleetTable>;

  private constructor(
    private readonly options: Parameters<typeof FleetTables.create>[0],
  ) {
    this.tables = PerCluster.create(options.clusters);
    this.growing = PerCluster.create(options.clusters);
  }

  /** Looks at each cluster once it was read, so that the first reader need not wait for it. */
  start(): void {
    const begun = new Set<string>();
    const { clusters } = this.options;
    clusters.onChange(cluster => {
      if (!clusters.has(cluster)) {
        begun.delete(cluster);
      } else if (!begun.has(cluster) && clusters.peek(cluster)?.ready) {
        begun.add(cluster);
        void this.get(cluster);
      }
    });
  }

  /** The table, and how the cluster is now. */
  async get(
    cluster: string,
  ): Promise<{ table: FleetTable; source: SourceStatus }> {
    const { clusters, patienceMs } = this.options;
    await clusters.get(cluster);
    const kept = this.tables.getOrMake(cluster, () =>
      LastKnown.create({ renew: () => this.build(cluster) }),
    );
    const table = await kept.get({
      isFresh: ({ version, isRead }, ageMs) =>
        version === clusters.versionOf(cluster) ||
        ageMs < (isRead ? FRESH_MS : UNREAD_MS),
      isUsable: ({ isRead }, ageMs) => isRead && ageMs < USABLE_MS,
      patienceMs,
    });
    return {
      table:
        (table?.isRead ? table : this.growing.get(cluster)) ?? table ?? nothing,
      source: clusters.peek(cluster)?.source ?? {
        id: 'kubernetes',
        status: 'down',
        message: `The portal does not know cluster ${cluster} any more.`,
      },
    };
  }

  private async build(cluster: string): Promise<FleetTable> {
    const { clusters } = this.options;
    const version = clusters.versionOf(cluster);
    const snapshot = clusters.peek(cluster);
    let set = snapshot?.set;
    const services = set ? fleetServices(set) : [];
    if (!snapshot?.ready) {
      // Without its pods, a service would seem to be outside the mesh.
      return { facts: [], pending: services.length, version, isRead: false };
    }
    const facts: FleetFacts[] = [];
    const slice = Slice.begin();
    for (const [index, key] of services.entries()) {
      if (slice.isOver()) {
        this.growing.set(cluster, {
          facts: [...facts],
          pending: services.length - index,
          version,
          isRead: true,
        });
        await slice.pause();
        // What is derived from the newest set is there for all views, and for the next table.
        set = clusters.peek(cluster)?.set;
      }
      const known = set && fleetFacts(set, key);
      if (known) {
        facts.push(known);
      }
    }
    this.growing.delete(cluster);
    return { facts, pending: 0, version, isRead: true };
  }
}
