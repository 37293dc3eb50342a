import { Alert, Card, CardBody, Text } from '@backstage/ui';
import type { PlacementProblem } from '@meshdeck/plugin-mesh-common';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { CopyButton } from '../yaml/CopyButton';
import { YamlBlock } from '../yaml/YamlBlock';
import styles from './frame.module.css';

function Snippet(props: { snippet: string }) {
  const { t } = useMeshTranslation();
  return (
    <div className={styles.snippet}>
      <YamlBlock yaml={props.snippet} label={t('placements.lines')} />
      <CopyButton text={props.snippet} label={t('placements.copyLines')} />
    </div>
  );
}

function ProblemText(props: { problem: PlacementProblem }) {
  const { code, message, fix, snippet } = props.problem;
  const { t } = useMeshTranslation();
  return (
    <div className={styles.problem}>
      <Text as="h2" variant="title-x-small" weight="bold">
        {t(`placements.${code}`)}
      </Text>
      <Text>{message}</Text>
      <Text>{fix}</Text>
      {snippet && <Snippet snippet={snippet} />}
    </div>
  );
}

/** Takes the page's place where an entity has no Service in any mesh: what is missing, and how to mend it. */
export function NoPlacement(props: {
  problems: PlacementProblem[];
  inCard?: boolean;
}) {
  const { problems, inCard } = props;
  const { t } = useMeshTranslation();
  const content =
    problems.length === 0 ? (
      <div className={styles.problem}>
        <Text as="h2" variant="title-x-small" weight="bold">
          {t('placements.none')}
        </Text>
        <Text>{t('placements.noneFix')}</Text>
      </div>
    ) : (
      problems.map(problem => (
        <ProblemText
          key={`${problem.code} ${problem.message}`}
          problem={problem}
        />
      ))
    );
  if (inCard) {
    return <div className={styles.problems}>{content}</div>;
  }
  return (
    <Card>
      <CardBody>
        <div className={styles.problems}>{content}</div>
      </CardBody>
    </Card>
  );
}

/** Stands above the page where some placements are there and others are not. */
export function MissingPlacements(props: { problems: PlacementProblem[] }) {
  const { t } = useMeshTranslation();
  return (
    <>
      {props.problems.map(problem => (
        <Alert
          key={`${problem.code} ${problem.message}`}
          status="warning"
          icon
          title={t(`placements.${problem.code}`)}
          description={
            <>
              {problem.message} {problem.fix}
              {problem.snippet && <Snippet snippet={problem.snippet} />}
            </>
          }
        />
      ))}
    </>
  );
}
