import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import type { WatchState } from './ResourceWatcher';

/** A message of an API server may be a page long. */
const LONGEST_REASON = 200;

interface KindState {
  kind: string;
  state: WatchState;
}

interface Loss {
  since: Date;
  message: string;
}

/** How a cluster stands, as its watches and its heartbeat tell. */
export interface ClusterCondition {
  cluster: string;
  /** Whether every essential kind has answered once. */
  isReady: boolean;
  /** Since when the server has not answered at all. */
  silence: Loss | undefined;
  essential: readonly KindState[];
  others: readonly KindState[];
  /** Whether it began so recently that kinds without an answer are nothing to speak of. */
  isStarting: boolean;
}

/** A kind of which nobody knows now what there is. */
export interface UnreadKind {
  kind: string;
  /** As in "cannot be read (why)". */
  why: string;
}

/** The oldest loss of contact that makes the whole cluster unknown, or known only as it was. */
export function lossOf({
  cluster,
  silence,
  essential,
}: ClusterCondition): Loss | undefined {
  const lost = essential.filter(isLost);
  const [oldest] = [
    ...(silence ? [silence] : []),
    ...lost.map(({ state }) => state),
  ].sort((a, b) => a.since.getTime() - b.since.getTime());
  if (!oldest) {
    return undefined;
  }
  const isWhole =
    silence !== undefined ||
    essential.every(({ state }) => ['lost', 'starting'].includes(state.type));
  return {
    since: oldest.since,
    message: isWhole
      ? `Cluster ${cluster} does not answer (${(silence ?? oldest).message}).`
      : `${inWords(lost.map(toUnread), cluster)}.`,
  };
}

/** The kinds beside the essential ones that were lost, or have not answered yet. What is forbidden or not served is known not to be had. */
export function unreadKinds({ others }: ClusterCondition): UnreadKind[] {
  return others
    .filter(({ state: { type } }) => type === 'lost' || type === 'starting')
    .map(toUnread);
}

/** What the cluster says of itself. */
export function clusterStatus(condition: ClusterCondition): SourceStatus {
  const id = 'kubernetes' as const;
  const { cluster, isReady } = condition;
  const lost = lossOf(condition);
  if (lost) {
    const since = lost.since.toISOString();
    return isReady
      ? {
          id,
          status: 'stale',
          since,
          asOf: since,
          message: `${lost.message} What you see is its last known state; it is tried again every few seconds.`,
        }
      : {
          id,
          status: 'down',
          since,
          message: `${lost.message} Check that it runs, and its entry under kubernetes.clusterLocatorMethods.`,
        };
  }
  if (!isReady) {
    return {
      id,
      status: 'down',
      message: `Cluster ${cluster} is being read for the first time.`,
    };
  }
  const messages = [missingOf(condition), forbiddenOf(condition)];
  return {
    id,
    status: messages[0] ? 'partial' : 'ok',
    asOf: new Date().toISOString(),
    message: messages.filter(Boolean).join(' ') || undefined,
  };
}

/** Right after a start most kinds are still on their way, which is nothing to speak of. */
function missingOf(condition: ClusterCondition): string | undefined {
  const unread = unreadKinds(condition);
  const isLostToo = condition.others.some(isLost);
  return unread.length > 0 && (isLostToo || !condition.isStarting)
    ? `${inWords(
        unread,
        condition.cluster,
      )}, so what depends on that is missing, or as it was before. It is tried again by itself; ask who runs the cluster.`
    : undefined;
}

function forbiddenOf({ cluster, essential, others }: ClusterCondition) {
  const forbidden = [...essential, ...others]
    .filter(({ state }) => state.type === 'forbidden')
    .map(({ kind }) => kind);
  return forbidden.length
    ? `The portal may not read ${forbidden.join(
        ', ',
      )} in cluster ${cluster}, so what depends on them is missing. Grant its account list and watch on them.`
    : undefined;
}

/** "EnvoyFilter and Sidecar (it answered 500) of cluster c cannot be read": those with one reason together. */
export function inWords(
  unread: readonly UnreadKind[],
  cluster: string,
): string {
  const kindsByReason = new Map<string, string[]>();
  for (const { kind, why } of unread) {
    kindsByReason.set(why, [...(kindsByReason.get(why) ?? []), kind]);
  }
  const groups = [...kindsByReason].map(
    ([why, kinds]) => `${kinds.join(' and ')} (${why})`,
  );
  return `${groups.join(', ')} of cluster ${cluster} cannot be read`;
}

function isLost(
  kind: KindState,
): kind is KindState & { state: Extract<WatchState, { type: 'lost' }> } {
  return kind.state.type === 'lost';
}

function toUnread({ kind, state }: KindState): UnreadKind {
  return {
    kind,
    why:
      state.type === 'lost'
        ? state.message.slice(0, LONGEST_REASON)
        : 'no answer yet',
  };
}
