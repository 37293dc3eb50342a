import { RiArrowRightLine } from '@remixicon/react';
import { Text } from '@backstage/ui';
import type {
  MtlsMode,
  ObjectRef,
  PortMtlsView,
} from '@meshdeck/plugin-mesh-common';
import { formatObject, UNKNOWN } from '../format';
import { StatusMark, type StatusLevel } from '../view/verdict/StatusMark';
import { TextButton } from '../view/table/TextButton';
import {
  useMeshTranslation,
  type Translate,
} from '../translations/useMeshTranslation';
import styles from './SecurityTab.module.css';

const MODE_LEVELS: Record<MtlsMode, StatusLevel> = {
  STRICT: 'ok',
  PERMISSIVE: 'warning',
  DISABLE: 'error',
};

const LEVEL_WORDS = {
  mesh: 'ports.mesh',
  namespace: 'ports.namespace',
  workload: 'ports.workload',
  port: 'ports.portLevel',
} as const;

/** Ports with one mode, decided by the same policies. */
interface PortGroup {
  first: PortMtlsView;
  ports: PortMtlsView[];
}

/** Ports by what decided their modes: versions of a service mostly share it. */
function groupedByChain(ports: PortMtlsView[]): PortGroup[] {
  const groups = new Map<string, PortGroup>();
  for (const port of ports) {
    const { mode, note, chain } = port;
    const key = JSON.stringify([mode, note, chain]);
    const group = groups.get(key) ?? { first: port, ports: [] };
    group.ports.push(port);
    groups.set(key, group);
  }
  return [...groups.values()];
}

/** "port 8080 (http) of auth-service, auth-service-canary" */
function portWords({ ports }: PortGroup, t: Translate): string {
  const workloads = new Map<string, string[]>();
  const named = new Map(ports.map(view => [String(view.port), view.portName]));
  for (const { port, workload } of ports) {
    workloads.set(`${port}`, [...(workloads.get(`${port}`) ?? []), workload]);
  }
  return [...workloads]
    .map(([port, of]) => {
      const name = named.get(port);
      const workload = of.join(', ');
      return name
        ? t('ports.portWithName', { port, name, workload })
        : t('ports.port', { port, workload });
    })
    .join('; ');
}

/** One level that may set the mode, from the mesh down to the port. */
function Step(props: {
  link: PortMtlsView['chain'][number];
  onOpen: (object: ObjectRef) => void;
}) {
  const { link, onOpen } = props;
  const { object, decides, mode } = link;
  const { t } = useMeshTranslation();
  return (
    <span className={`${styles.link} ${decides ? styles.decides : ''}`}>
      {t(LEVEL_WORDS[link.level])} {mode === 'UNSET' ? UNKNOWN : mode}
      {object && (
        <TextButton label={formatObject(object)} onPress={() => onOpen(object)}>
          {object.name}
        </TextButton>
      )}
      {decides && <strong>{t('ports.decides')}</strong>}
    </span>
  );
}

/** The mTLS modes of the ports, each with the policies that decided it, from the mesh down to the port. */
export function PortModes(props: {
  ports: PortMtlsView[];
  onOpen: (object: ObjectRef) => void;
}) {
  const { ports, onOpen } = props;
  const { t } = useMeshTranslation();
  if (ports.length === 0) {
    return <Text>{t('ports.none')}</Text>;
  }
  return (
    <ul className={styles.ports}>
      {groupedByChain(ports).map(group => {
        const { first: view } = group;
        const port = portWords(group, t);
        return (
          <li key={port} className={styles.port}>
            <span className={styles.mode}>
              <StatusMark level={MODE_LEVELS[view.mode]}>
                <strong>{view.mode}</strong> {t('ports.on', { port })}
              </StatusMark>
              <span className={styles.meaning}>{t(`ports.${view.mode}`)}</span>
              {view.note && <Text>{view.note}.</Text>}
            </span>
            <ol
              className={styles.chain}
              aria-label={t('ports.decidedBy', { port })}
            >
              {view.chain.map((link, index) => (
                <li key={link.level} className={styles.step}>
                  {index > 0 && (
                    <RiArrowRightLine
                      size={14}
                      className={styles.arrow}
                      aria-hidden
                    />
                  )}
                  <Step link={link} onOpen={onOpen} />
                </li>
              ))}
            </ol>
          </li>
        );
      })}
    </ul>
  );
}
