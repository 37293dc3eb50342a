import { Text } from '@backstage/ui';
import type { RoutesView } from '@meshdeck/plugin-mesh-common';
import { StatusMark } from '../view/verdict/StatusMark';
import { useFormat } from '../translations/useFormat';
import { useMeshTranslation } from '../translations/useMeshTranslation';

/** What the protection does at this moment, or why nobody can tell. */
export function ProtectionNow(props: { counters: RoutesView['counters'] }) {
  const { counters } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  if (!counters) {
    return null;
  }
  const { ejectedPods, overflowsPerSecond } = counters;
  if (ejectedPods === undefined && overflowsPerSecond === undefined) {
    return (
      <Text as="p" color="secondary">
        {t('protection.unknown')}
      </Text>
    );
  }
  return (
    <div>
      {ejectedPods !== undefined && (
        <div>
          <StatusMark level={ejectedPods > 0 ? 'warning' : 'ok'} size={14}>
            {ejectedPods > 0
              ? t('protection.ejected', { count: ejectedPods })
              : t('protection.noneEjected')}
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
              ? t('protection.turnedAway', {
                  rate: format.rate(overflowsPerSecond),
                })
              : t('protection.noneTurnedAway')}
          </StatusMark>
        </div>
      )}
    </div>
  );
}
