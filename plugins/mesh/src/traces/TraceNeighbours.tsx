import { useCallback } from 'react';
import { useApi } from '@backstage/frontend-plugin-api';
import { Text } from '@backstage/ui';
import {
  serviceNameIn,
  type TimeWindow,
  type TraceNeighbour,
  type ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../api';
import { useFormat } from '../translations/useFormat';
import { Name } from '../view/table/Name';
import { ScrollTable } from '../view/table/ScrollTable';
import { Section } from '../view/frame/Section';
import { usePolled } from '../view/fetching/usePolled';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import styles from './TracesTab.module.css';

/** Reading so many whole traces is dear, and neighbours change seldom. */
const NEIGHBOURS_INTERVAL_MS = 60_000;

function NeighbourRows(props: {
  of: TraceNeighbour[];
  namespace: string;
  direction: string;
}) {
  const format = useFormat();
  return (
    <>
      {props.of.map(({ service, calls, errors }) => (
        <tr key={service}>
          <th scope="row" className={styles.mono}>
            <Name title={service}>
              {serviceNameIn(service, props.namespace)}
            </Name>
          </th>
          <td>{props.direction}</td>
          <td className={styles.number}>{format.number(calls)}</td>
          <td className={styles.number}>
            {format.share(calls === 0 ? undefined : errors / calls)}
          </td>
        </tr>
      ))}
    </>
  );
}

/** Who calls the service and whom it calls, as a sample of its traces shows. Not there where no trace could be asked for. */
export function TraceNeighbours(props: {
  address: ViewAddress;
  namespace: string;
  window: TimeWindow;
}) {
  const { address, namespace, window } = props;
  const api = useApi(meshApiRef);
  const { t } = useMeshTranslation();
  const question = `${address.entityRef} ${address.placement} ${window}`;
  const { answer, answerTo } = usePolled(
    question,
    useCallback(
      () => api.view('dependencies', address, { window }),
      [api, address, window],
    ),
    { intervalMs: NEIGHBOURS_INTERVAL_MS },
  );
  const dependencies = answerTo === question ? answer?.dependencies : undefined;
  if (!dependencies) {
    return null;
  }
  const { traces, callers, callees } = dependencies;
  return (
    <Section
      title={t('neighbours.title')}
      note={t('neighbours.note', { count: traces })}
    >
      {callers.length + callees.length === 0 ? (
        <Text>{t('neighbours.none')}</Text>
      ) : (
        <ScrollTable
          label={t('neighbours.title')}
          head={
            <tr>
              <th scope="col">{t('neighbours.service')}</th>
              <th scope="col">{t('neighbours.direction')}</th>
              <th scope="col" className={styles.number}>
                {t('neighbours.calls')}
              </th>
              <th scope="col" className={styles.number}>
                {t('neighbours.errors')}
              </th>
            </tr>
          }
        >
          <NeighbourRows
            of={callers}
            namespace={namespace}
            direction={t('neighbours.calledBy')}
          />
          <NeighbourRows
            of={callees}
            namespace={namespace}
            direction={t('neighbours.callsIt')}
          />
        </ScrollTable>
      )}
    </Section>
  );
}
