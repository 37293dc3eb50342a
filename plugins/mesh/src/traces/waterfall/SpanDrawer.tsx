import { Link, Text } from '@backstage/ui';
import type { Placement, TraceSpan } from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../../translations/useFormat';
import { DetailDrawer } from '../../view/drawer/DetailDrawer';
import { ScrollTable } from '../../view/table/ScrollTable';
import { StatusMark } from '../../view/verdict/StatusMark';
import { useTabLink } from '../../view/address/useTabLink';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { meshAction, type MeshAction } from './meshAction';
import styles from '../TracesTab.module.css';

/** What the mesh did with a request; leads to where that is set, where that is a page of this service. */
function MeshActionPart(props: { action: MeshAction; placement: Placement }) {
  const { action, placement } = props;
  const { host, subset, flags, isRefused, refusedBy, tab } = action;
  const { t } = useMeshTranslation();
  const tabLink = useTabLink();
  const isOurs =
    host === undefined ||
    `${host}.`.startsWith(`${placement.service}.${placement.namespace}.`);

  return (
    <div className={styles.action}>
      <Text as="h3" variant="body-medium" weight="bold">
        {t('span.mesh')}
      </Text>
      <ul>
        {host && (
          <li>
            {subset
              ? t('span.sentToSubset', { host, subset })
              : t('span.sentTo', { host })}
          </li>
        )}
        {isRefused && (
          <li>
            {refusedBy
              ? t('span.refusedBy', { policy: refusedBy })
              : t('span.refused')}
          </li>
        )}
        {flags.map(flag => (
          <li key={flag}>{t(`flags.${flag}`)}</li>
        ))}
      </ul>
      {isOurs && (
        <Link href={tabLink(tab)}>
          {t('span.see', { tab: t(`tabs.${tab}`) })}
        </Link>
      )}
    </div>
  );
}

/** One span with all its tags. */
export function SpanDrawer(props: {
  span: TraceSpan | undefined;
  placement: Placement;
  onClose: () => void;
}) {
  const { span, placement, onClose } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const action = span && meshAction(span.tags);
  return (
    <DetailDrawer
      title={span ? `${span.service}: ${span.operation}` : ''}
      open={span !== undefined}
      onClose={onClose}
    >
      {span && (
        <>
          <div className={styles.facts}>
            <span>{t('span.starts', { time: format.ms(span.startMs) })}</span>
            <span>
              {t('span.takes', { duration: format.ms(span.durationMs) })}
            </span>
            <StatusMark level={span.error ? 'error' : 'ok'}>
              {span.error ? t('traces.error') : t('traces.ok')}
            </StatusMark>
            {span.critical && <strong>{t('waterfall.critical')}</strong>}
          </div>
          {action && <MeshActionPart action={action} placement={placement} />}
          <ScrollTable
            label={t('span.tags')}
            head={
              <tr>
                <th scope="col">{t('span.tag')}</th>
                <th scope="col">{t('span.value')}</th>
              </tr>
            }
          >
            {Object.entries(span.tags).map(([key, value]) => (
              <tr key={key}>
                <th scope="row" className={`${styles.mono} ${styles.tag}`}>
                  {key}
                </th>
                <td className={styles.mono}>{value}</td>
              </tr>
            ))}
            <tr>
              <th scope="row">{t('span.id')}</th>
              <td className={styles.mono}>{span.spanId}</td>
            </tr>
          </ScrollTable>
        </>
      )}
    </DetailDrawer>
  );
}
