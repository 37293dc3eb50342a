import type { LoggerService } from '@backstage/backend-plugin-api';
import type { KubeObject } from '@meshdeck/istio-config';
import type { SignalsService } from '@backstage/plugin-signals-node';
import { meshSignalChannel, Placement } from '@meshdeck/plugin-mesh-common';
import { LRUCache } from 'lru-cache';
import { findRollout } from '../canary/findRollout';
import type { ClusterStores } from '../cluster/ClusterStores';
import { Slice } from '../turns';
import { serviceFacts, ServiceFacts } from '../views/serviceFacts';

/** How long after its last reader a placement is still followed. */
const FOLLOWED_MS = 120_000;
const MOST_FOLLOWED = 500;
const LOOK_AFTER_MS = 500;
/** In a cluster that changes all the time, what pages show is looked at only so often. */
const TELL_EVERY_MS = 300;

/** What a page of a placement shows of the cluster, to be compared with what it was. */
interface Seen {
  facts: ServiceFacts | undefined;
  rollout: KubeObject | undefined;
  /** What the cluster says of itself. */
  health: string;
}

/** Tells open pages that the cluster says something else of their service. What it is, they ask for themselves. */
export class ChangeSignals {
  static create(options: {
    clusters: ClusterStores;
    signals: SignalsService;
    logger: LoggerService;
  }) {
    return new ChangeSignals(options);
  }

  private readonly followed = new LRUCache<
    string,
    { placement: Placement } & Partial<Seen>
  >({ max: MOST_FOLLOWED, ttl: FOLLOWED_MS });

  /** Clusters that changed since their pages were told. */
  private readonly changed = new Set<string>();
  private isTelling = false;

  private constructor(
    private readonly options: Parameters<typeof ChangeSignals.create>[0],
  ) {
    options.clusters.onChange(cluster => {
      this.changed.add(cluster);
      void this.tellAll();
    });
  }

  /** Somebody looks at a placement. */
  follow(placement: Placement): void {
    const known = this.followed.get(placement.id);
    this.followed.set(placement.id, known ?? { placement });
    if (!known) {
      // Later: the reader's own view comes first.
      setTimeout(() => this.look(placement.id), LOOK_AFTER_MS).unref();
    }
  }

  private look(id: string): void {
    const known = this.followed.get(id);
    if (known && !('health' in known)) {
      Object.assign(known, this.stateOf(known.placement));
    }
  }

  private stateOf(placement: Placement): Seen {
    const snapshot = this.options.clusters.peek(placement.cluster);
    return {
      facts: snapshot && serviceFacts(snapshot.set, placement),
      rollout: snapshot && findRollout(snapshot.set, placement)?.object,
      health: `${snapshot?.source.status} ${snapshot?.source.message}`,
    };
  }

  /** However many changes come while it works or rests, they are looked at together, once. */
  private async tellAll(): Promise<void> {
    if (this.isTelling) {
      return;
    }
    this.isTelling = true;
    try {
      while (this.changed.size > 0) {
        const clusters = [...this.changed];
        this.changed.clear();
        for (const cluster of clusters) {
          await this.tell(cluster);
        }
        await new Promise(resolve => {
          setTimeout(resolve, TELL_EVERY_MS).unref();
        });
      }
    } finally {
      this.isTelling = false;
    }
  }

  private async tell(cluster: string): Promise<void> {
    const slice = Slice.begin();
    for (const [id, known] of [...this.followed.entries()]) {
      if (known.placement.cluster !== cluster) {
        continue;
      }
      if (slice.isOver()) {
        await slice.pause();
      }
      const now = this.stateOf(known.placement);
      if (
        now.facts !== known.facts ||
        now.rollout !== known.rollout ||
        now.health !== known.health
      ) {
        Object.assign(known, now);
        await this.publish(id);
      }
    }
  }

  private async publish(placementId: string): Promise<void> {
    const { signals, logger } = this.options;
    try {
      await signals.publish({
        recipients: { type: 'broadcast' },
        channel: meshSignalChannel(placementId),
        message: { changed: true },
      });
    } catch (error) {
      logger.warn(
        `Cannot tell open pages of a change of ${placementId}: ${
          (error as Error).message
        }`,
      );
    }
  }
}
