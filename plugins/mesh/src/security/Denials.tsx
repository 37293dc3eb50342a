import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Text } from '@backstage/ui';
import type { CallerView } from '@meshdeck/plugin-mesh-common';
import { formatRate, formatShare } from '../format';
import { ScrollTable } from '../frame/ScrollTable';
import styles from './SecurityTab.module.css';

/** The metrics have the same 403 for both. */
function suspect({ allowed, why }: CallerView): string {
  if (allowed === 'no') return `the policies: ${why}`;
  return allowed === 'yes'
    ? 'the application itself: the policies let it in'
    : `the policies, where it goes beyond what they allow (${why}), or the application`;
}

/** Who was answered 403 in this time. */
export function Denials(props: { callers: CallerView[] }) {
  const denied = props.callers.filter(
    ({ deniedShare = 0, requestsPerSecond = 0 }) =>
      deniedShare * requestsPerSecond > 0,
  );
  if (denied.length === 0) {
    return <Text>Nobody was answered 403 in this time.</Text>;
  }
  return (
    <ScrollTable
      label="Denials"
      head={
        <tr>
          <th scope="col">Caller</th>
          <th scope="col">Denied</th>
          <th scope="col">Of its calls</th>
          <th scope="col">Denied by</th>
          <th scope="col">Owner</th>
        </tr>
      }
    >
      {denied.map(caller => (
        <tr key={`${caller.namespace}/${caller.name}`}>
          <th scope="row">
            {caller.name}
            <div className={styles.quiet}>{caller.namespace}</div>
          </th>
          <td className={styles.nowrap}>
            {formatRate(caller.deniedShare! * caller.requestsPerSecond!)}
          </td>
          <td className={styles.nowrap}>{formatShare(caller.deniedShare)}</td>
          <td className={styles.why}>{suspect(caller)}</td>
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
  );
}
