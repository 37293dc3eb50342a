import { Button } from '@backstage/ui';
import type {
  ObjectYaml,
  RolloutGate,
  RolloutView,
} from '@meshdeck/plugin-mesh-common';
import { formatObject, UNKNOWN } from '../../format';
import { Facts } from '../../view/table/Facts';
import { ScrollTable } from '../../view/table/ScrollTable';
import { Section } from '../../view/frame/Section';
import { StatusMark, type StatusLevel } from '../../view/verdict/StatusMark';
import { useNow } from '../../view/useNow';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { RolloutSteps } from './RolloutSteps';
import styles from './Rollout.module.css';

const GATE_LEVELS: Record<RolloutGate['verdict'], StatusLevel> = {
  ok: 'ok',
  failed: 'error',
  unknown: 'unknown',
};

function Gates(props: { gates: RolloutGate[] }) {
  const { t } = useMeshTranslation();
  return (
    <ScrollTable
      label={t('rollout.gates')}
      head={
        <tr>
          <th scope="col">{t('rollout.gate')}</th>
          <th scope="col">{t('rollout.holdsIf')}</th>
          <th scope="col">{t('rollout.stable')}</th>
          <th scope="col">{t('rollout.canary')}</th>
          <th scope="col">{t('rollout.verdict')}</th>
        </tr>
      }
    >
      {props.gates.map(({ name, words, interval, ...gate }, index) => (
        <tr key={`${index} ${name}`}>
          <th scope="row">{name}</th>
          <td>
            {words}
            {interval && (
              <div className={styles.quiet}>
                {t('rollout.each', { interval })}
              </div>
            )}
          </td>
          <td className={styles.value}>{gate.stable ?? UNKNOWN}</td>
          <td className={styles.value}>{gate.canary ?? UNKNOWN}</td>
          <td>
            <StatusMark level={GATE_LEVELS[gate.verdict]} size={14}>
              {t(`rollout.${gate.verdict}`)}
            </StatusMark>
            <div className={styles.quiet}>{gate.reason}</div>
          </td>
        </tr>
      ))}
    </ScrollTable>
  );
}

/** Who drives the canary and how far it is, a line for each that is known. */
function useRolloutFacts(rollout: RolloutView) {
  const { t } = useMeshTranslation();
  const format = useFormat();
  const now = useNow(60_000);
  const { weight, nextWeight, failedChecks, failedChecksAllowed } = rollout;
  const tool = t(`rollout.${rollout.provider}`);
  return [
    {
      name: t('rollout.drivenBy'),
      fact: rollout.movesWeights ? tool : t('rollout.withoutWeights', { tool }),
    },
    {
      name: t('rollout.state'),
      fact: rollout.paused
        ? `${rollout.phase}: ${rollout.paused}`
        : rollout.phase,
    },
    weight !== undefined && {
      name: t('rollout.weight'),
      fact:
        nextWeight === undefined
          ? format.share(weight / 100)
          : t('rollout.weightNext', {
              now: format.share(weight / 100),
              next: format.share(nextWeight / 100),
            }),
    },
    failedChecks !== undefined &&
      failedChecksAllowed !== undefined && {
        name: t('rollout.failedChecks'),
        fact: t('rollout.failedOf', {
          failed: String(failedChecks),
          allowed: String(failedChecksAllowed),
        }),
      },
    rollout.lastMovedAt && {
      name: t('rollout.lastMoved'),
      fact: format.moment(rollout.lastMovedAt, now),
    },
    rollout.message && { name: t('rollout.says'), fact: rollout.message },
  ].filter(fact => fact !== false && fact !== undefined && fact !== '');
}

/** Who drives the canary, how far it is, and what has to hold before it goes on. */
export function RolloutSection(props: {
  rollout: RolloutView;
  onOpen: (object: ObjectYaml) => void;
}) {
  const { rollout, onOpen } = props;
  const { t } = useMeshTranslation();
  const facts = useRolloutFacts(rollout);
  return (
    <Section
      title={t('rollout.title')}
      actions={
        <Button
          variant="secondary"
          size="small"
          onPress={() => onOpen(rollout.object)}
        >
          {formatObject(rollout.object)}
        </Button>
      }
    >
      <div className={styles.rollout}>
        <div className={styles.progress}>
          <Facts of={facts} />
          {rollout.steps.length > 0 && <RolloutSteps steps={rollout.steps} />}
        </div>
        {rollout.gates.length > 0 && <Gates gates={rollout.gates} />}
      </div>
    </Section>
  );
}
