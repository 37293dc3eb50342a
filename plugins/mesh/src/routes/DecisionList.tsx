import { Button, Text } from '@backstage/ui';
import { RiArrowRightLine, RiForbidLine } from '@remixicon/react';
import type {
  RouteRuleView,
  TryRouteResult,
} from '@meshdeck/plugin-mesh-common';
import type { OpenObject } from '../view/drawer/ObjectDrawer';
import { ChangeForm } from '../changes/ChangeForm';
import { useMeshTranslation } from '../translations/useMeshTranslation';
import { DestinationRow } from './DestinationRow';
import styles from './DecisionList.module.css';

const OF_RULES = ['timeout', 'retries', 'fault'] as const;
const BETWEEN_VERSIONS = ['mirror', 'conditionalRoute'] as const;

type MatchOutcome = 'taken' | 'skipped' | 'not-reached';

/** What became of the request at a rule; where another list's rule took it, nothing is known of those that it did not meet. */
function outcomeOf(
  rule: RouteRuleView,
  rules: readonly RouteRuleView[],
  attempt: TryRouteResult | undefined,
): { outcome: MatchOutcome; why?: string } | undefined {
  if (!attempt) return undefined;
  if (attempt.rule?.id === rule.id) return { outcome: 'taken' };
  const skip = attempt.skipped.find(({ id }) => id === rule.id);
  if (skip) return { outcome: 'skipped', why: skip.why };
  const isElsewhere =
    attempt.rule && !rules.some(({ id }) => id === attempt.rule?.id);
  return isElsewhere ? undefined : { outcome: 'not-reached' };
}

function OutcomeMark(props: { outcome: MatchOutcome; why?: string }) {
  const { outcome, why = '' } = props;
  const { t } = useMeshTranslation();
  if (outcome === 'taken') {
    return (
      <span className={styles.takenMark}>
        <RiArrowRightLine size={16} aria-hidden /> {t('rules.takes')}
      </span>
    );
  }
  return (
    <span className={styles.skippedMark}>
      {outcome === 'skipped' && <RiForbidLine size={14} aria-hidden />}
      {outcome === 'skipped'
        ? t('rules.skipped', { why })
        : t('rules.notReached')}
    </span>
  );
}

function Requests(props: { of: string[] }) {
  const { t } = useMeshTranslation();
  return (
    <>
      {props.of.map((request, index) => (
        <span key={request} className={styles.request}>
          {index > 0 && <span className={styles.or}>{t('rules.or')} </span>}
          {request}
        </span>
      ))}
    </>
  );
}

function Rule(props: {
  rule: RouteRuleView;
  position: number;
  verdict: ReturnType<typeof outcomeOf>;
  versions: readonly string[];
  onOpen: (open: OpenObject) => void;
}) {
  const { rule, position, verdict, versions, onOpen } = props;
  const { object, path } = rule;
  const { t } = useMeshTranslation();
  const number = String(position + 1);
  const title = rule.name
    ? t('rules.titleWithName', { number, name: rule.name })
    : t('rules.title', { number });
  return (
    <li
      className={`${styles.rule} ${verdict ? styles[verdict.outcome] : ''}`}
      aria-label={title}
    >
      <div className={styles.requests}>
        <span className={styles.number}>{title}</span>
        <Requests of={rule.requests} />
        {verdict && <OutcomeMark {...verdict} />}
      </div>
      <ul className={styles.treatment} aria-label={t('rules.treatment')}>
        {rule.treatment.map(words => (
          <li key={words}>{words}</li>
        ))}
      </ul>
      <div className={styles.destinations}>
        {rule.answer && <span>{rule.answer}</span>}
        {rule.destinations.map(destination => (
          <DestinationRow
            key={`${destination.host} ${destination.subset} ${destination.port}`}
            destination={destination}
            isOneOfSeveral={rule.destinations.length > 1}
          />
        ))}
      </div>
      <div className={styles.open}>
        {object && (
          <Button
            size="small"
            variant="secondary"
            aria-label={t('rules.showYaml', { number })}
            onPress={() => onOpen({ object, path, title })}
          >
            YAML
          </Button>
        )}
      </div>
      {(rule.named || !object) && (
        <div className={styles.forms}>
          <ChangeForm
            intents={
              versions.length > 0
                ? [...OF_RULES, ...BETWEEN_VERSIONS]
                : OF_RULES
            }
            subject={{ rule: rule.named, choices: { subset: versions } }}
            about={t('intents.forRule', { number })}
          />
        </div>
      )}
    </li>
  );
}

/** The rules in the order in which the mesh tries them. */
export function DecisionList(props: {
  rules: RouteRuleView[];
  versions: readonly string[];
  attempt?: TryRouteResult;
  onOpen: (open: OpenObject) => void;
}) {
  const { rules, versions, attempt, onOpen } = props;
  const { t } = useMeshTranslation();
  if (rules.length === 0) {
    return <Text>{t('rules.none')}</Text>;
  }
  return (
    <ol className={styles.list} aria-label={t('rules.label')}>
      {rules.map((rule, position) => (
        <Rule
          key={`${rule.id} ${position}`}
          rule={rule}
          position={position}
          verdict={outcomeOf(rule, rules, attempt)}
          versions={versions}
          onOpen={onOpen}
        />
      ))}
    </ol>
  );
}
