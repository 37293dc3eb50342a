import { fieldsOf } from '../../kube/reading';
import type { KubeObject } from '../../kube/KubeObject';
import { defineFinding } from '../Finding';
import { VALUE_PROBLEMS } from './annotationValues';
import { istioAnnotations } from './knownAnnotations';

const WORKLOADS = ['Deployment', 'StatefulSet', 'DaemonSet'];
const INJECT = 'sidecar.istio.io/inject';
const SOURCE =
  'istio: pkg/config/analysis/analyzers/annotations/annotations.go, for the pods that a template makes';
const TEMPLATE = 'spec.template.metadata.annotations';

/** Annotations that Istio does not know, or cannot read, on the pods that a workload makes. */
export const templateAnnotation = defineFinding({
  code: 'MD0119',
  level: 'warning',
  inputs: WORKLOADS,
  source: SOURCE,
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      for (const { name, value, known } of ofTemplate(resource)) {
        const problem = VALUE_PROBLEMS.get(name)?.(value);
        if (!known) {
          yield {
            resource,
            path: `${TEMPLATE}["${name}"]`,
            message: `Istio knows no annotation ${name}: it has no effect.`,
            fix: replacementFor(name),
          };
        } else if (problem) {
          yield {
            resource,
            path: `${TEMPLATE}["${name}"]`,
            message: `${name} is "${value}", and ${problem}: the pods are not injected.`,
            fix: 'Correct the value.',
          };
        }
      }
    }
  },
});

/** Annotations that Istio is giving up, on the pods that a workload makes. */
export const deprecatedTemplateAnnotation = defineFinding({
  code: 'MD0120',
  level: 'info',
  inputs: WORKLOADS,
  source: SOURCE,
  *find(inputs) {
    for (const resource of Object.values(inputs).flat()) {
      const labels = resource.spec?.template?.metadata?.labels;
      for (const { name, known } of ofTemplate(resource)) {
        const hasReplacement =
          name === INJECT && fieldsOf(labels).some(([key]) => key === INJECT);
        if (known?.deprecated && !hasReplacement) {
          yield {
            resource,
            path: `${TEMPLATE}["${name}"]`,
            message: `The annotation ${name} is deprecated.`,
            fix:
              name === INJECT
                ? 'Use the label of the same name on the pods: the webhook selects by it.'
                : 'Remove it; see the release notes for what takes its place.',
          };
        }
      }
    }
  },
});

function ofTemplate(resource: KubeObject) {
  const annotations = Object.fromEntries(
    fieldsOf(resource.spec?.template?.metadata?.annotations),
  );
  return istioAnnotations({
    ...resource,
    metadata: { ...resource.metadata, annotations },
  });
}

/** What somebody who wrote an unknown annotation will have meant. */
export function replacementFor(name: string): string {
  return name.endsWith('/concurrency')
    ? 'Use proxy.istio.io/config: "concurrency: 4".'
    : 'Correct its name, or remove it.';
}
