import { Text } from '@backstage/ui';
import type { RoutesView } from '@meshdeck/plugin-mesh-common';
import { formatCount, formatRate } from '../format';
import { StatusMark } from '../frame/StatusMark';

/** What the protection does at this moment, or why nobody can tell. */
export function ProtectionNow(props: { counters: RoutesView['counters'] }) {
  const { counters } = props;
  if (!counters) {
    return null;
  }
  const { ejectedPods, overflowsPerSecond } = counters;
  if (ejectedPods === undefined && overflowsPerSecond === undefined) {
    return (
      <Text as="p" color="secondary">
        How often it acts is not known: the callers’ proxies do not expose
        envoy_cluster_outlier_detection_* and envoy_cluster_upstream_rq_*. Name
        them in proxyStatsMatcher.inclusionPrefixes.
      </Text>
    );
  }
  return (
    <div>
      {ejectedPods !== undefined && (
        <div>
          <StatusMark level={ejectedPods > 0 ? 'warning' : 'ok'} size={14}>
            {ejectedPods > 0
              ? `${formatCount(ejectedPods, 'pod')} ejected now`
              : 'no pod ejected now'}
          </StatusMark>
        </div>
      )}
      {overflowsPerSecond !== undefined && (
        <div>
          <StatusMark
            level={overflowsPerSecond > 0 ? 'warning' : 'ok'}
            size={14}
          >
            {overflowsPerSecond > 0
              ? `${formatRate(
                  overflowsPerSecond,
                )} turned away: the queue is full`
              : 'no request turned away now'}
          </StatusMark>
        </div>
      )}
    </div>
  );
}
