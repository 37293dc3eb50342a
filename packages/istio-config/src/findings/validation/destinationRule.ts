import type { KubeObject } from '../../kube/KubeObject';
import { itemsOf } from '../../kube/reading';
import { exportToProblems } from './exportTo';
import { isDnsLabel, labelProblems, wildcardDomainProblem } from './names';
import { Problem, refused } from './Problem';
import { selectorProblems } from './selectors';
import { trafficPolicyProblems } from './trafficPolicy';

/** Source: istio pkg/config/validation/validation.go, ValidateDestinationRule. */
export function* destinationRuleProblems({
  metadata,
  spec,
}: KubeObject): Iterable<Problem> {
  const namespace = metadata.namespace ?? '';
  const problem = wildcardDomainProblem(spec?.host);
  if (problem) {
    yield refused(
      'spec.host',
      `It names no valid host: ${problem}.`,
      'Set host to the service that it is for.',
    );
  }
  yield* trafficPolicyProblems(
    spec?.trafficPolicy,
    'spec.trafficPolicy',
    namespace,
  );
  const names = new Set<unknown>();
  for (const [index, subset] of itemsOf(spec?.subsets).entries()) {
    const path = `spec.subsets[${index}]`;
    const name: unknown = subset?.name;
    if (!name) {
      yield refused(
        `${path}.name`,
        'A subset has no name, so no route can name it.',
        'Give it a name.',
      );
    } else if (names.has(name)) {
      yield refused(
        `${path}.name`,
        `The subset ${name} is defined twice; the later one is dropped.`,
        'Rename or remove it.',
      );
    } else if (!isDnsLabel(name)) {
      yield refused(
        `${path}.name`,
        `${JSON.stringify(name)} is no name of a subset.`,
        'Use letters, digits and dashes.',
      );
    }
    names.add(name);
    yield* labelProblems(subset?.labels, `${path}.labels`);
    yield* trafficPolicyProblems(
      subset?.trafficPolicy,
      `${path}.trafficPolicy`,
      namespace,
    );
  }
  yield* exportToProblems(spec?.exportTo, {
    namespace,
    hasSelector: Boolean(spec?.workloadSelector),
  });
  yield* selectorProblems(spec?.workloadSelector, 'spec.workloadSelector');
}
