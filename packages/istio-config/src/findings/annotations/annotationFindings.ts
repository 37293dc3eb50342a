import type { KubeObject } from '../../kube/KubeObject';
import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';
import {
  deprecatedProblem,
  type PlacedAnnotation,
  unknownProblem,
} from './annotationProblems';
import { VALUE_PROBLEMS } from './annotationValues';
import { ANNOTATED_KINDS, belongs, istioAnnotations } from './knownAnnotations';

const SOURCE =
  'istio: pkg/config/analysis/analyzers/annotations/annotations.go';

/** An annotation on a kind of object where Istio does not read it. */
export const misplacedAnnotation = defineFinding({
  code: 'IST0107',
  level: 'warning',
  inputs: ANNOTATED_KINDS,
  source: SOURCE,
  *find(inputs) {
    for (const { resource, path, name, known } of annotationsOf(inputs)) {
      if (known && !belongs(known, resource)) {
        yield {
          resource,
          path,
          message: `Istio reads the annotation ${name} on ${known.on.join(
            ' and ',
          )} only: here it has no effect.`,
          fix:
            resource.kind === 'Deployment' && known.on.includes('Pod')
              ? 'Move it to spec.template.metadata.annotations.'
              : `Put it on the ${known.on[0]}.`,
        };
      }
    }
  },
});

/** An annotation in Istio's name that Istio does not know. */
export const unknownAnnotation = defineFinding({
  code: 'IST0108',
  level: 'warning',
  inputs: ANNOTATED_KINDS,
  source: SOURCE,
  find: inputs => annotationsOf(inputs).flatMap(unknownProblem),
});

/** An annotation with a value that Istio cannot read. */
export const invalidAnnotation = defineFinding({
  code: 'IST0125',
  level: 'warning',
  inputs: ANNOTATED_KINDS,
  source: SOURCE,
  *find(inputs) {
    for (const annotation of annotationsOf(inputs)) {
      const { resource, path, name, value, known } = annotation;
      const problem =
        known && belongs(known, resource) && VALUE_PROBLEMS.get(name)?.(value);
      if (problem) {
        yield {
          resource,
          path,
          message: `${name} is "${value}", and ${problem}: the pod is not injected with it.`,
          fix: 'Correct the value.',
        };
      }
    }
  },
});

/** An annotation that Istio is giving up. */
export const deprecatedAnnotation = defineFinding({
  code: 'IST0135',
  level: 'info',
  inputs: ANNOTATED_KINDS,
  source: SOURCE,
  find: inputs =>
    annotationsOf(inputs).flatMap(annotation =>
      deprecatedProblem(annotation, 'Use the label of the same name.'),
    ),
});

const SET_BY_INJECTOR = 'sidecar.istio.io/status';
const SET_WITH_CNI = [
  'sidecar.istio.io/interceptionMode',
  'traffic.sidecar.istio.io/includeInboundPorts',
  'traffic.sidecar.istio.io/excludeInboundPorts',
  'traffic.sidecar.istio.io/includeOutboundIPRanges',
];

/** An annotation that may change without notice. */
export const alphaAnnotation = defineFinding({
  code: 'IST0136',
  level: 'info',
  // Istio leaves it out of its own default run: many are set by the injector or have been alpha for years.
  detail: true,
  inputs: ANNOTATED_KINDS,
  source: 'istio: pkg/config/analysis/analyzers/maturity/maturity.go',
  *find(inputs) {
    for (const { resource, path, name, known } of annotationsOf(inputs)) {
      if (
        known?.alpha &&
        name !== SET_BY_INJECTOR &&
        !(SET_WITH_CNI.includes(name) && usesCni(resource))
      ) {
        yield {
          resource,
          path,
          message: `The annotation ${name} is alpha: it may change or go with any version of Istio.`,
          fix: 'Keep it only if you follow the release notes.',
        };
      }
    }
  },
});

function usesCni(resource: KubeObject): boolean {
  return (
    resource.kind === 'Pod' &&
    !itemsOf(resource.spec?.initContainers).some(
      container => container?.name === 'istio-init',
    )
  );
}

function annotationsOf(
  inputs: Record<string, readonly KubeObject[]>,
): PlacedAnnotation[] {
  return Object.values(inputs)
    .flat()
    .flatMap(resource =>
      istioAnnotations(resource.metadata.annotations).map(annotation => ({
        ...annotation,
        resource,
        path: `metadata.annotations["${annotation.name}"]`,
        labels: resource.metadata.labels,
      })),
    );
}
