import { RiArrowRightLine } from '@remixicon/react';
import { Text } from '@backstage/ui';
import type {
  MtlsMode,
  ObjectRef,
  PortMtlsView,
} from '@meshdeck/plugin-mesh-common';
import { formatObject } from '../format';
import { StatusMark, type StatusLevel } from '../frame/StatusMark';
import styles from './SecurityTab.module.css';

const MODES: Record<MtlsMode, { level: StatusLevel; meaning: string }> = {
  STRICT: { level: 'ok', meaning: 'only encrypted calls get in' },
  PERMISSIVE: {
    level: 'warning',
    meaning: 'encrypted and plain calls both get in',
  },
  DISABLE: { level: 'error', meaning: 'no call is encrypted' },
};

function portWords({ port, portName, workload }: PortMtlsView): string {
  return `port ${port}${portName ? ` (${portName})` : ''} of ${workload}`;
}

/** The mTLS mode of each port with the policies that decided it, from the mesh down to the port. */
export function PortModes(props: {
  ports: PortMtlsView[];
  onOpen: (object: ObjectRef) => void;
}) {
  const { ports, onOpen } = props;
  if (ports.length === 0) {
    return <Text>No port is known: the service has no pods in the mesh.</Text>;
  }
  return (
    <ul className={styles.ports}>
      {ports.map(view => (
        <li key={`${view.workload} ${view.port}`} className={styles.port}>
          <span className={styles.mode}>
            <StatusMark level={MODES[view.mode].level}>
              <strong>{view.mode}</strong> on {portWords(view)}
            </StatusMark>
            <span className={styles.meaning}>{MODES[view.mode].meaning}</span>
          </span>
          <ol
            className={styles.chain}
            aria-label={`What decided the mode of ${portWords(view)}`}
          >
            {view.chain.map((link, index) => {
              const { object } = link;
              return (
                <li key={link.level} className={styles.step}>
                  {index > 0 && (
                    <RiArrowRightLine
                      size={14}
                      className={styles.arrow}
                      aria-hidden
                    />
                  )}
                  <span
                    className={`${styles.link} ${
                      link.decides ? styles.decides : ''
                    }`}
                  >
                    {link.level} {link.mode === 'UNSET' ? '–' : link.mode}
                    {object && (
                      <button
                        type="button"
                        className={styles.object}
                        aria-label={formatObject(object)}
                        onClick={() => onOpen(object)}
                      >
                        {object.name}
                      </button>
                    )}
                    {link.decides && <strong>decides</strong>}
                  </span>
                </li>
              );
            })}
          </ol>
        </li>
      ))}
    </ul>
  );
}
