import type { KubeObject } from '../../kube/KubeObject';
import { ownField } from '../../kube/reading';
import { defineFinding, type FindingDraft } from '../Finding';
import {
  deprecatedProblem,
  type PlacedAnnotation,
  unknownProblem,
} from './annotationProblems';
import { VALUE_PROBLEMS } from './annotationValues';
import { istioAnnotations } from './knownAnnotations';

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'];
const SOURCE =
  'istio: pkg/config/analysis/analyzers/annotations/annotations.go, for the pods that a template makes';

/** Annotations that Istio does not know, or cannot read, on the pods that a workload makes. */
export const templateAnnotation = defineFinding({
  code: 'MD0119',
  level: 'warning',
  inputs: WORKLOADS,
  source: SOURCE,
  find: inputs =>
    annotationsOf(inputs).flatMap(annotation => [
      ...unknownProblem(annotation),
      ...valueProblem(annotation),
    ]),
});

/** Annotations that Istio is giving up, on the pods that a workload makes. */
export const deprecatedTemplateAnnotation = defineFinding({
  code: 'MD0120',
  level: 'info',
  inputs: WORKLOADS,
  source: SOURCE,
  find: inputs =>
    annotationsOf(inputs).flatMap(annotation =>
      deprecatedProblem(
        annotation,
        'Use the label of the same name on the pods: the webhook selects by it.',
      ),
    ),
});

function valueProblem({
  resource,
  path,
  name,
  value,
  known,
}: PlacedAnnotation): FindingDraft[] {
  const problem = known && VALUE_PROBLEMS.get(name)?.(value);
  return problem
    ? [
        {
          resource,
          path,
          message: `${name} is "${value}", and ${problem}: the pods are not injected.`,
          fix: 'Correct the value.',
        },
      ]
    : [];
}

function annotationsOf(
  inputs: Record<string, readonly KubeObject[]>,
): PlacedAnnotation[] {
  return Object.values(inputs)
    .flat()
    .flatMap(resource => {
      const metadata: unknown = resource.spec?.template?.metadata;
      return istioAnnotations(ownField(metadata, 'annotations')).map(
        annotation => ({
          ...annotation,
          resource,
          path: `spec.template.metadata.annotations["${annotation.name}"]`,
          labels: ownField(metadata, 'labels'),
        }),
      );
    });
}
