import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { fieldsOf, itemsOf, ownField } from '../../kube/reading';
import { selects } from '../../kube/selectors';
import type { MeshObjects } from '../../MeshObjects';
import { defineFinding } from '../Finding';
import { RegisteredHost, registeredHost } from '../hostRegistry';
import { podsLabelled } from '../podsLabelled';

const TOPOLOGY = [
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
];

/** A subset whose labels no pod of the service carries; routes to it end in 503. */
export const subsetWithoutPods = defineFinding({
  code: 'IST0173',
  level: 'error',
  inputs: ['DestinationRule'],
  source: 'istio: pkg/config/analysis/analyzers/destinationrule/subset.go',
  *find({ DestinationRule: rules }, set) {
    for (const rule of rules) {
      const subsets = itemsOf(rule.spec?.subsets);
      const host: unknown = rule.spec?.host;
      if (subsets.length === 0 || typeof host !== 'string') {
        continue;
      }
      const target = registeredHost(set, host, {
        namespace: namespaceOf(rule),
        exportTo: rule.spec.exportTo,
      });
      if (!target || hasOwnEndpoints(target)) {
        continue;
      }
      const pods = podsBehind(set, target);
      for (const [index, subset] of subsets.entries()) {
        if (pods.some(pod => selects(subset?.labels, labelsOf(set, pod)))) {
          continue;
        }
        const labels = fieldsOf(subset?.labels)
          .map(([key, value]) => `${key}=${value}`)
          .join(', ');
        yield {
          resource: rule,
          path: `spec.subsets[${index}]`,
          message: `The subset ${subset?.name} selects no pods of ${target.object.metadata.name}: requests sent to it are answered 503.`,
          fix: `Deploy pods labelled ${labels}, or send no requests to the subset.`,
        };
      }
    }
  },
});

/** A ServiceEntry that lists its endpoints, or finds them by DNS, has none among the pods. */
function hasOwnEndpoints({ object }: RegisteredHost): boolean {
  return (
    object.kind === 'ServiceEntry' &&
    fieldsOf(object.spec?.workloadSelector?.labels).length === 0 &&
    itemsOf(object.spec?.endpoints).length > 0
  );
}

function podsBehind(
  set: MeshObjects,
  { object }: RegisteredHost,
): readonly KubeObject[] {
  const selector =
    object.kind === 'Service'
      ? object.spec?.selector
      : object.spec?.workloadSelector?.labels;
  const pods =
    fieldsOf(selector).length > 0
      ? podsLabelled(set, selector, namespaceOf(object))
      : podsLabelled(set, undefined);
  return pods.filter(pod => !pod.metadata.deletionTimestamp);
}

/** A pod's labels and, as Istio adds them to its endpoint, those of its node. Source: istio pkg/…/util/label, AugmentLabels. */
function labelsOf(set: MeshObjects, pod: KubeObject): Record<string, string> {
  const labels = pod.metadata.labels ?? {};
  const node: unknown = pod.spec?.nodeName;
  if (typeof node !== 'string' || !node) {
    return labels;
  }
  const own = set.get('Node', undefined, node)?.metadata.labels;
  const added = TOPOLOGY.flatMap(name => {
    const value = ownField(own, name);
    return value === undefined ? [] : [[name, value]];
  });
  return {
    ...labels,
    ...Object.fromEntries(added),
    'kubernetes.io/hostname': node,
  };
}
