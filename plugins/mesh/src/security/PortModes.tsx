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

function portWords(view: PortMtlsView, t: Translate): string {
  const { portName: name, workload } = view;
  const port = String(view.port);
  return name
    ? t('ports.portWithName', { port, name, workload })
    : t('ports.port', { port, workload });
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

/** The mTLS mode of each port with the policies that decided it, from the mesh down to the port. */
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
      {ports.map(view => {
        const port = portWords(view, t);
        return (
          <li key={`${view.workload} ${view.port}`} className={styles.port}>
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
