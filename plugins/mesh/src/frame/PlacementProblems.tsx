import { Alert, Card, CardBody, Text } from '@backstage/ui';
import type { PlacementProblem } from '@meshdeck/plugin-mesh-common';
import { CopyButton } from './CopyButton';
import { YamlBlock } from './YamlBlock';
import styles from './frame.module.css';

const TITLES: Record<PlacementProblem['code'], string> = {
  'no-annotation': 'This entity does not say which Kubernetes Service it is',
  'bad-annotation': 'An annotation of this entity cannot be read',
  'no-such-cluster': 'An annotation names a cluster that is not configured',
  'no-such-namespace': 'An annotation names a namespace that does not exist',
  'no-such-service': 'No Service matches this entity',
  'cluster-unreachable': 'A cluster does not answer',
  'not-ready': 'The clusters are still being read',
};

function Snippet(props: { snippet: string }) {
  return (
    <div className={styles.snippet}>
      <YamlBlock yaml={props.snippet} label="Lines to add" />
      <CopyButton text={props.snippet} label="Copy these lines" />
    </div>
  );
}

function ProblemText(props: { problem: PlacementProblem }) {
  const { code, message, fix, snippet } = props.problem;
  return (
    <div className={styles.problem}>
      <Text as="h2" variant="title-x-small" weight="bold">
        {TITLES[code]}
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
  const content =
    problems.length === 0 ? (
      <div className={styles.problem}>
        <Text as="h2" variant="title-x-small" weight="bold">
          No Service found
        </Text>
        <Text>
          No cluster has a Service that belongs to this entity. Check its
          annotations, and that the Service carries the same label.
        </Text>
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
  return (
    <>
      {props.problems.map(problem => (
        <Alert
          key={`${problem.code} ${problem.message}`}
          status="warning"
          icon
          title={TITLES[problem.code]}
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
