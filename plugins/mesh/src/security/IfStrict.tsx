import { EntityRefLink } from '@backstage/plugin-catalog-react';
import { Text } from '@backstage/ui';
import type { StrictOutlook } from '@meshdeck/plugin-mesh-common';
import { formatCount, formatRate } from '../format';
import { ScrollTable } from '../frame/ScrollTable';
import { StatusMark } from '../frame/StatusMark';
import styles from './SecurityTab.module.css';

function summary({ isStrict, breaks, isWatched }: StrictOutlook) {
  if (breaks.length > 0) {
    const who = formatCount(breaks.length, 'caller or probe');
    return {
      level: isStrict ? ('error' as const) : ('warning' as const),
      words: isStrict
        ? `It is STRICT already: ${who} cannot get in.`
        : `${who} would be cut off.`,
    };
  }
  if (!isWatched) {
    return {
      level: 'unknown' as const,
      words:
        'Nobody can tell: without Prometheus it is not known who calls in plain.',
    };
  }
  return {
    level: 'ok' as const,
    words: isStrict
      ? 'It is STRICT already, and nobody was seen to be cut off.'
      : 'Nobody would be cut off: every caller seen in this time uses mTLS.',
  };
}

/** Who is cut off when only mTLS is let in. */
export function IfStrict(props: { outlook: StrictOutlook }) {
  const { outlook } = props;
  const { level, words } = summary(outlook);
  return (
    <>
      <StatusMark level={level}>{words}</StatusMark>
      {outlook.breaks.length > 0 && (
        <ScrollTable
          label="Cut off by STRICT"
          head={
            <tr>
              <th scope="col">Who</th>
              <th scope="col">Calls</th>
              <th scope="col">Why</th>
              <th scope="col">Owner</th>
            </tr>
          }
        >
          {outlook.breaks.map(cut => (
            <tr key={`${cut.namespace}/${cut.name}`}>
              <th scope="row">
                {cut.entityRef ? (
                  <EntityRefLink entityRef={cut.entityRef}>
                    {cut.name}
                  </EntityRefLink>
                ) : (
                  cut.name
                )}
                {cut.namespace && (
                  <div className={styles.quiet}>{cut.namespace}</div>
                )}
              </th>
              <td className={styles.nowrap}>
                {formatRate(cut.requestsPerSecond)}
              </td>
              <td className={styles.why}>{cut.why}</td>
              <td>
                {cut.owner ? (
                  <EntityRefLink entityRef={cut.owner} defaultKind="group" />
                ) : (
                  <Text color="secondary">not known</Text>
                )}
              </td>
            </tr>
          ))}
        </ScrollTable>
      )}
    </>
  );
}
