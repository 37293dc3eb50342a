import { useCallback, useMemo } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Button, Skeleton, Text, VisuallyHidden } from '@backstage/ui';
import { RiArrowLeftLine } from '@remixicon/react';
import type { TraceView, ViewAddress } from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../../api';
import type { Format } from '../../format';
import { useFormat } from '../../translations/useFormat';
import { ScrollTable } from '../../view/table/ScrollTable';
import { Section } from '../../view/frame/Section';
import { usePolled } from '../../view/fetching/usePolled';
import {
  useMeshTranslation,
  type Translate,
} from '../../translations/useMeshTranslation';
import { TraceError } from '../TraceError';
import { OperationName } from './OperationName';
import { compareTraces, type OperationTime } from './compareTraces';
import styles from '../TracesTab.module.css';

/** Traces of the past change no more, or hardly. */
const COMPARISON_INTERVAL_MS = 60_000;
const MOST_ROWS = 100;
/** Less than this is no difference that a person could act on. */
const SAME_MS = 0.05;

function useTrace(address: ViewAddress, traceId: string) {
  const api = useApi(meshApiRef);
  return usePolled(
    `${address.placement} ${traceId}`,
    useCallback(
      () => api.view('trace', address, { traceId }),
      [api, address, traceId],
    ),
    { intervalMs: COMPARISON_INTERVAL_MS },
  );
}

function differenceWords(
  differenceMs: number,
  t: Translate,
  format: Format,
): string {
  if (Math.abs(differenceMs) < SAME_MS) return t('compare.same');
  const duration = format.ms(Math.abs(differenceMs));
  return differenceMs > 0
    ? t('compare.longer', { duration })
    : t('compare.shorter', { duration });
}

function timeWords(
  time: OperationTime | undefined,
  t: Translate,
  format: Format,
): string {
  return time
    ? t('compare.times', {
        count: time.spans,
        duration: format.ms(time.ownMs),
      })
    : t('compare.none');
}

function Comparison(props: {
  one: TraceView;
  other: TraceView;
  namespace: string;
}) {
  const { one, other, namespace } = props;
  const { t } = useMeshTranslation();
  const format = useFormat();
  const rows = useMemo(
    () => compareTraces(one, other, namespace),
    [one, other, namespace],
  );
  const now = Date.now();
  return (
    <>
      <Text as="p" color="secondary">
        {t('compare.ownTime')}
      </Text>
      <ScrollTable
        label={t('compare.table')}
        head={
          <tr>
            <th scope="col">{t('waterfall.name')}</th>
            {[t('compare.first'), t('compare.second')].map((name, index) => (
              <th key={name} scope="col" className={styles.number}>
                {name}, {format.moment([one, other][index].start, now)}
              </th>
            ))}
            <th scope="col" className={styles.number}>
              {t('compare.difference')}
            </th>
          </tr>
        }
      >
        <tr>
          <th scope="row">{t('compare.whole')}</th>
          <td className={styles.number}>{format.ms(one.durationMs)}</td>
          <td className={styles.number}>{format.ms(other.durationMs)}</td>
          <td className={styles.number}>
            {differenceWords(other.durationMs - one.durationMs, t, format)}
          </td>
        </tr>
        {rows.slice(0, MOST_ROWS).map(row => (
          <tr key={`${row.service} ${row.operation}`}>
            <th scope="row" className={styles.operationCell}>
              <OperationName of={row} namespace={namespace} />
            </th>
            <td className={styles.number}>{timeWords(row.first, t, format)}</td>
            <td className={styles.number}>
              {timeWords(row.second, t, format)}
            </td>
            <td className={styles.number}>
              {differenceWords(row.differenceMs, t, format)}
            </td>
          </tr>
        ))}
      </ScrollTable>
      {rows.length > MOST_ROWS && (
        <Text color="secondary">
          {t('compare.more', { count: rows.length - MOST_ROWS })}
        </Text>
      )}
    </>
  );
}

/** Two traces in place of the list: where the one spent its time and the other did not. */
export function TraceComparison(props: {
  address: ViewAddress;
  /** Of the page. */
  namespace: string;
  traceIds: [string, string];
  onBack: () => void;
}) {
  const { address, namespace, traceIds, onBack } = props;
  const { t } = useMeshTranslation();
  const one = useTrace(address, traceIds[0]);
  const other = useTrace(address, traceIds[1]);
  const error =
    one.answer && other.answer ? undefined : one.error ?? other.error;

  return (
    <Section
      title={t('compare.title')}
      actions={
        <Button
          variant="secondary"
          size="small"
          iconStart={<RiArrowLeftLine />}
          onPress={onBack}
        >
          {t('compare.back')}
        </Button>
      }
    >
      {error && <TraceError error={error} />}
      {one.answer && other.answer && (
        <Comparison
          one={one.answer}
          other={other.answer}
          namespace={namespace}
        />
      )}
      {!error && !(one.answer && other.answer) && (
        <div role="status">
          <VisuallyHidden>{t('compare.loading')}</VisuallyHidden>
          <Skeleton width="100%" height={240} />
        </div>
      )}
    </Section>
  );
}
