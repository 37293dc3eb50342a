import type {
  AuthService,
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { KubeObject } from '@meshdeck/istio-config';
import type { SignalsService } from '@backstage/plugin-signals-node';
import { meshSignalChannel, Placement } from '@meshdeck/plugin-mesh-common';
import { LRUCache } from 'lru-cache';
import { findRollout } from '../rollouts/findRollout';
import type { ClusterStores } from '../cluster/ClusterStores';
import { Slice } from '../eventLoop/Slice';
import { serviceFacts, ServiceFacts } from '../facts/serviceFacts';

/** How long after its last reader a placement is still followed. */
const FOLLOWED_MS = 120_000;
const MOST_FOLLOWED = 500;
const LOOK_AFTER_MS = 500;
/** In a cluster that changes all the time, what pages show is looked at only so often. */
const TELL_EVERY_MS = 300;
/** And the pages of one placement are told only so often, after the first few: a person who changes something sees it at once. */
const TOLD_EVERY_MS = 2000;
const FIRST_FEW = 5;
/** When a cluster goes or comes, all its pages change: not all ask again at the same moment. */
const MOST_AT_ONCE = 25;
/** Of one placement; who else looks at it finds out by polling. */
const MOST_READERS = 200;

/** What a page of a placement shows of the cluster, to be compared with what it was. */
interface Seen {
  facts: ServiceFacts | undefined;
  rollout: KubeObject | undefined;
  /** What the cluster says of itself. */
  health: string;
}

/** A placement that somebody looks at. */
interface Followed {
  placement: Placement;
  /** Who looked at it, and was let, and when: nobody else is told. */
  readers: LRUCache<string, number>;
  seen?: Seen;
  /** How often it may be told now, as of when; it comes back with time. */
  credit: { left: number; at: number };
}

/**
 * Tells open pages that the cluster says something else of their service. What it is, they ask for themselves. Only those are
 * told who have read it: that something changes, and when, is nobody else's business.
 */
export class ChangeSignals {
  static create(options: {
    auth: AuthService;
    clusters: ClusterStores;
    signals: SignalsService;
    logger: LoggerService;
  }) {
    return new ChangeSignals(options);
  }

  private readonly followed = new LRUCache<string, Followed>({
    max: MOST_FOLLOWED,
  });

  /** Clusters that changed since their pages were looked at. */
  private readonly changed = new Set<string>();
  /** Placements that changed since their pages were told, the first first. */
  private readonly due = new Set<string>();
  private isTelling = false;

  private constructor(
    private readonly options: Parameters<typeof ChangeSignals.create>[0],
  ) {
    options.clusters.onChange(cluster => {
      this.changed.add(cluster);
      void this.tellAll();
    });
  }

  /** Somebody looks at a placement, and may. Plugins that act for nobody have no page to be told on. */
  follow(placement: Placement, credentials: BackstageCredentials): void {
    if (!this.options.auth.isPrincipal(credentials, 'user')) {
      return;
    }
    const { id } = placement;
    const known = this.followed.get(id);
    const followed = known ?? {
      placement,
      readers: new LRUCache({ max: MOST_READERS }),
      credit: { left: FIRST_FEW, at: Date.now() },
    };
    followed.readers.set(credentials.principal.userEntityRef, Date.now());
    this.followed.set(id, followed);
    if (!known) {
      // Later: the reader's own view comes first.
      setTimeout(() => this.look(id), LOOK_AFTER_MS).unref();
    }
  }

  private look(id: string): void {
    const known = this.followed.get(id);
    if (known) {
      known.seen ??= this.stateOf(known.placement);
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
      while (this.changed.size > 0 || this.due.size > 0) {
        const clusters = [...this.changed];
        this.changed.clear();
        for (const cluster of clusters) {
          await this.lookAround(cluster);
        }
        await this.tellDue();
        await new Promise(resolve => {
          setTimeout(resolve, TELL_EVERY_MS).unref();
        });
      }
    } finally {
      this.isTelling = false;
    }
  }

  private async lookAround(cluster: string): Promise<void> {
    const slice = Slice.begin();
    for (const [id, known] of [...this.followed.entries()]) {
      if (known.placement.cluster !== cluster) {
        continue;
      }
      if (recentReaders(known).length === 0) {
        this.followed.delete(id);
        continue;
      }
      if (slice.isOver()) {
        await slice.pause();
      }
      const now = this.stateOf(known.placement);
      if (!known.seen || !isSameState(known.seen, now)) {
        known.seen = now;
        this.due.add(id);
      }
    }
  }

  /** Each placement so often only, and so many at once: each page that is told asks for a view. The last change is always told. */
  private async tellDue(): Promise<void> {
    let left = MOST_AT_ONCE;
    for (const id of [...this.due]) {
      const known = this.followed.peek(id);
      if (!known) {
        this.due.delete(id);
      } else if (left > 0 && takeCredit(known)) {
        left -= 1;
        this.due.delete(id);
        await this.publish(id, recentReaders(known));
      }
    }
  }

  private async publish(placementId: string, readers: string[]): Promise<void> {
    const { signals, logger } = this.options;
    if (readers.length === 0) {
      return;
    }
    try {
      await signals.publish({
        recipients: { type: 'user', entityRef: readers },
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

/** Whether a placement may be told now; then it is counted. */
function takeCredit(followed: Followed): boolean {
  const now = Date.now();
  const { left, at } = followed.credit;
  const back = Math.min(left + (now - at) / TOLD_EVERY_MS, FIRST_FEW);
  const may = back >= 1;
  followed.credit = { left: may ? back - 1 : back, at: now };
  return may;
}

function recentReaders({ readers }: Followed): string[] {
  const earliest = Date.now() - FOLLOWED_MS;
  return [...readers.entries()].flatMap(([reader, at]) =>
    at > earliest ? reader : [],
  );
}

function isSameState(a: Seen, b: Seen): boolean {
  return (
    a.facts === b.facts && a.rollout === b.rollout && a.health === b.health
  );
}
