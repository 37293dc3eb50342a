import { fieldsOf, isMap, itemsOf } from '../../kube/reading';
import { Problem, refused, warned } from './Problem';

/** Of a label, to Kubernetes. */
/** Of an object of Kubernetes. Source: istio’s definitions, maxLength of `targetRefs`. */
const LONGEST_NAME = 253;
const LONGEST_VALUE = 63;

/** `matchLabels`, or `labels` in the older kinds. Source: validation.go, validateWorkloadSelector. */
export function* selectorProblems(
  selector: unknown,
  path: string,
  field: 'matchLabels' | 'labels' = 'matchLabels',
): Iterable<Problem> {
  if (!isMap(selector)) {
    return;
  }
  const labels = fieldsOf(selector[field]);
  for (const [key, value] of labels) {
    if (key === '') {
      yield refused(
        `${path}.${field}`,
        'A label has no name.',
        'Name it, or remove it.',
      );
    }
    if (String(value).length > LONGEST_VALUE) {
      yield refused(
        `${path}.${field}.${key}`,
        `The label’s value is longer than ${LONGEST_VALUE} characters, so no workload has it.`,
        'Correct it.',
      );
    }
    if (key.includes('*') || String(value).includes('*')) {
      yield refused(
        `${path}.${field}.${key}`,
        'A selector knows no wildcards.',
        'Write the whole label.',
      );
    }
  }
  if (labels.length === 0) {
    yield warned(
      path,
      'The selector names no label, so it selects every workload of the namespace.',
      'Name a label, or remove the selector.',
    );
  }
}

/** The older kinds' selector; `isRefused` where Istio looks at nothing else of the object. Source: same, ValidateAlphaWorkloadSelector. */
export function workloadSelectorProblems(spec: any): {
  problems: Problem[];
  isRefused: boolean;
} {
  const problems = [
    ...selectorProblems(
      spec?.workloadSelector,
      'spec.workloadSelector',
      'labels',
    ),
  ];
  return {
    problems,
    isRefused: problems.some(({ level }) => level === 'error'),
  };
}

const TARGETS = [
  { group: '', kind: 'Service' },
  { group: 'core', kind: 'Service' },
  { group: 'networking.istio.io', kind: 'ServiceEntry' },
  { group: 'gateway.networking.k8s.io', kind: 'Gateway' },
  { group: 'gateway.networking.k8s.io', kind: 'GatewayClass' },
];

/** By what a policy names what it is for: one way, and each target one that it can have. Source: same, validateOneOfSelectorType. */
export function* attachmentProblems(spec: unknown): Iterable<Problem> {
  if (!isMap(spec)) {
    return;
  }
  const ways = [
    spec.selector,
    spec.targetRef,
    itemsOf(spec.targetRefs).length > 0 ? spec.targetRefs : undefined,
  ].filter(way => way !== undefined && way !== null);
  if (ways.length > 1) {
    yield refused(
      'spec',
      'It has a selector and targetRefs; it can have one of them.',
      'Remove one.',
    );
  }
  yield* selectorProblems(spec.selector, 'spec.selector');
  if (isMap(spec.targetRef)) {
    yield* targetProblems(spec.targetRef, 'spec.targetRef');
  }
  for (const [index, target] of itemsOf(spec.targetRefs).entries()) {
    yield* targetProblems(target, `spec.targetRefs[${index}]`);
  }
}

function* targetProblems(target: any, path: string): Iterable<Problem> {
  const { name, namespace, group = '', kind } = isMap(target) ? target : {};
  if (!name) {
    yield refused(`${path}.name`, 'The target has no name.', 'Name it.');
  } else if (String(name).length > LONGEST_NAME) {
    yield refused(
      `${path}.name`,
      `The target’s name is longer than ${LONGEST_NAME} characters, so nothing has it.`,
      'Name an object that is there.',
    );
  }
  if (namespace) {
    yield refused(
      `${path}.namespace`,
      'A target lies in the namespace of its policy.',
      'Remove namespace, and put the policy beside its target.',
    );
  }
  if (!TARGETS.some(one => one.group === group && one.kind === kind)) {
    yield refused(
      path,
      `A policy cannot be for a ${group ? `${group}/` : ''}${kind}.`,
      'Name a Service, a ServiceEntry, a Gateway of the Gateway API or its GatewayClass.',
    );
  }
}
