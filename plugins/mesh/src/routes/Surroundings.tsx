import { Text } from '@backstage/ui';
import type { ObjectRef, RoutesView } from '@meshdeck/plugin-mesh-common';
import { formatCount, formatObject } from '../format';
import { Section } from '../frame/Section';
import { ProtectionNow } from './ProtectionNow';
import styles from './Surroundings.module.css';

/** What protects the service, how requests reach it, and which objects say so. */
export function Surroundings(props: {
  view: RoutesView;
  onOpen: (object: ObjectRef) => void;
}) {
  const { view, onOpen } = props;
  return (
    <Section title="Around this service">
      <dl className={styles.facts}>
        <dt>Protection</dt>
        <dd>
          {view.protection.length === 0 ? (
            'None: no limit on connections, and failing pods are not ejected.'
          ) : (
            <ul className={styles.plain}>
              {view.protection.map(words => (
                <li key={words}>{words}</li>
              ))}
            </ul>
          )}
          <ProtectionNow counters={view.counters} />
        </dd>
        <dt>Place</dt>
        <dd>
          <ul className={styles.plain}>
            {view.locality.map(sentence => (
              <li key={sentence}>{sentence}</li>
            ))}
          </ul>
        </dd>
        <dt>Ways in</dt>
        <dd>
          {view.waysIn.length === 0 ? (
            'No gateway leads here: only callers inside the mesh reach it.'
          ) : (
            <ul className={styles.plain}>
              {view.waysIn.map(way => (
                <li key={`${way.gateway} ${way.hosts.join()}`}>
                  <strong>{way.gateway}</strong> ({way.hosts.join(', ')}
                  {way.tls && `, ${way.tls}`})
                </li>
              ))}
            </ul>
          )}
        </dd>
        <dt>Callers</dt>
        <dd>
          {view.callers.length === 0
            ? 'None seen in this time window.'
            : `${formatCount(
                view.callers.length,
                'caller',
              )} seen: ${view.callers.join(', ')}`}
        </dd>
        <dt>Objects</dt>
        <dd>
          {view.objects.length === 0 && <Text>None</Text>}
          <ul className={styles.plain}>
            {view.objects.map(object => (
              <li key={formatObject(object)}>
                <button
                  type="button"
                  className={styles.object}
                  onClick={() => onOpen(object)}
                >
                  {formatObject(object)}
                </button>
              </li>
            ))}
          </ul>
        </dd>
      </dl>
    </Section>
  );
}
