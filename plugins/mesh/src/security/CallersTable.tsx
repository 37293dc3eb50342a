import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Text } from '@backstage/ui';
import type { CallerView } from '@meshdeck/plugin-mesh-common';
import { formatRate, formatShare } from '../format';
import { FirstRows } from '../frame/FirstRows';
import { ScrollTable } from '../frame/ScrollTable';
import { StatusMark, type StatusLevel } from '../frame/StatusMark';
import styles from './SecurityTab.module.css';

const ENCRYPTED: Record<
  CallerView['encrypted'],
  { level: StatusLevel; words: string }
> = {
  yes: { level: 'ok', words: 'yes' },
  partly: { level: 'warning', words: 'partly' },
  no: { level: 'error', words: 'NO' },
  unknown: { level: 'unknown', words: 'not known' },
};

const ALLOWED: Record<
  CallerView['allowed'],
  { level: StatusLevel; words: string }
> = {
  yes: { level: 'ok', words: 'yes' },
  partly: { level: 'info', words: 'partly' },
  no: { level: 'error', words: 'no' },
};

function Allowed(props: { caller: CallerView }) {
  const { allowed, allowedOperations, deniedShare } = props.caller;
  const { level, words } = ALLOWED[allowed];
  return (
    <>
      <StatusMark level={level} size={14}>
        {words}
        {allowed !== 'no' && allowedOperations.length === 0 && ': everything'}
      </StatusMark>
      {allowed !== 'no' && allowedOperations.length > 0 && (
        <ul className={styles.operations}>
          {allowedOperations.map(operation => (
            <li key={operation}>{operation}</li>
          ))}
        </ul>
      )}
      {deniedShare !== undefined && deniedShare > 0 && (
        <div>
          <StatusMark level="warning" size={14}>
            {formatShare(deniedShare)} refused
          </StatusMark>
        </div>
      )}
    </>
  );
}

/** Who calls or may call, how, and by which rule. */
export function CallersTable(props: { callers: CallerView[] }) {
  const { callers } = props;
  if (callers.length === 0) {
    return <Text>Nobody was seen calling, and no policy names anybody.</Text>;
  }
  return (
    <FirstRows of={callers}>
      {shown => (
        <ScrollTable
          label="Callers"
          head={
            <tr>
              <th scope="col">Caller</th>
              <th scope="col">Calls</th>
              <th scope="col">Encrypted</th>
              <th scope="col">Allowed</th>
              <th scope="col">Why</th>
              <th scope="col">Owner</th>
            </tr>
          }
        >
          {shown.map(caller => (
            <tr key={`${caller.namespace}/${caller.name} ${caller.principal}`}>
              <th scope="row" title={caller.principal}>
                {caller.entityRef ? (
                  <EntityRefLink entityRef={caller.entityRef}>
                    {caller.name}
                  </EntityRefLink>
                ) : (
                  caller.name
                )}
                <div className={styles.quiet}>{caller.namespace}</div>
              </th>
              <td className={styles.nowrap}>
                {formatRate(caller.requestsPerSecond)}
              </td>
              <td>
                <StatusMark level={ENCRYPTED[caller.encrypted].level} size={14}>
                  {ENCRYPTED[caller.encrypted].words}
                </StatusMark>
              </td>
              <td className={styles.allowed}>
                <Allowed caller={caller} />
              </td>
              <td className={styles.why}>{caller.why}</td>
              <td>
                {caller.owner ? (
                  <EntityRefLink entityRef={caller.owner} defaultKind="group" />
                ) : (
                  <span className={styles.quiet}>not known</span>
                )}
              </td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </FirstRows>
  );
}
