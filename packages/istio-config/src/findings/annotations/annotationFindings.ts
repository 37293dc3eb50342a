import { itemsOf, ownField } from '../../kube/reading';
import { defineFinding } from '../Finding';
import { VALUE_PROBLEMS } from './annotationValues';
import { ANNOTATED_KINDS, belongs, istioAnnotations } from './knownAnnotations';
import { replacementFor } from './templateAnnotations';

const SOURCE =
  'istio: pkg/config/analysis/analyzers/annotations/annotations.go';
const INJECT = 'sidecar.istio.io/inject';

/** An annotation on a kind of object where Istio does not read it. */
export const misplacedAnnotation = defineFinding({
  code: 'IST0107',
  level: 'warning',
  inputs: ANNOTATED_KINDS,
  source: SOURCE,
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      for (const { name, known } of istioAnnotations(resource)) {
        if (known && !belongs(known, resource)) {
          yield {
            resource,
            path: `metadata.annotations["${name}"]`,
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
    }
  },
});

/** An annotation in Istio's name that Istio does not know. */
export const unknownAnnotation = defineFinding({
  code: 'IST0108',
  level: 'warning',
  inputs: ANNOTATED_KINDS,
  source: SOURCE,
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      for (const { name, known } of istioAnnotations(resource)) {
        if (!known) {
          yield {
            resource,
            path: `metadata.annotations["${name}"]`,
            message: `Istio knows no annotation ${name}: it has no effect.`,
            fix: replacementFor(name),
          };
        }
      }
    }
  },
});

/** An annotation with a value that Istio cannot read. */
export const invalidAnnotation = defineFinding({
  code: 'IST0125',
  level: 'warning',
  inputs: ANNOTATED_KINDS,
  source: SOURCE,
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      for (const { name, value, known } of istioAnnotations(resource)) {
        const problem =
          known &&
          belongs(known, resource) &&
          VALUE_PROBLEMS.get(name)?.(value);
        if (problem) {
          yield {
            resource,
            path: `metadata.annotations["${name}"]`,
            message: `${name} is "${value}", and ${problem}: the pod is not injected with it.`,
            fix: 'Correct the value.',
          };
        }
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
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      for (const { name, known } of istioAnnotations(resource)) {
        // Who has the label as well knows, and keeps both for older versions.
        const hasReplacement =
          name === INJECT &&
          ownField(resource.metadata.labels, INJECT) !== undefined;
        if (known?.deprecated && !hasReplacement) {
          yield {
            resource,
            path: `metadata.annotations["${name}"]`,
            message: `The annotation ${name} is deprecated.`,
            fix:
              name === INJECT
                ? 'Use the label of the same name.'
                : 'Remove it; see the release notes for what takes its place.',
          };
        }
      }
    }
  },
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
    for (const resource of Object.values(inputs).flat()) {
      const usesCni =
        resource.kind === 'Pod' &&
        !itemsOf(resource.spec?.initContainers).some(
          container => container?.name === 'istio-init',
        );
      for (const { name, known } of istioAnnotations(resource)) {
        if (
          known?.alpha &&
          name !== SET_BY_INJECTOR &&
          !(usesCni && SET_WITH_CNI.includes(name))
        ) {
          yield {
            resource,
            path: `metadata.annotations["${name}"]`,
            message: `The annotation ${name} is alpha: it may change or go with any version of Istio.`,
            fix: 'Keep it only if you follow the release notes.',
          };
        }
      }
    }
  },
});
