import { resolveHost, serviceOfHost } from '../hosts/hosts';
import { selects } from '../kube/selectors';
import { workloadsOf } from '../workloads/workloads';
import { defineFinding } from './Finding';

/** A subset whose labels no pod of the service carries; routes to it end in 503. */
export const subsetWithoutPods = defineFinding({
  code: 'IST0173',
  level: 'error',
  inputs: ['DestinationRule'],
  source:
    'istio: pkg/config/analysis/analyzers/destinationrule/pod-not-selected.go',
  *find({ DestinationRule: rules }, set) {
    for (const rule of rules) {
      if (typeof rule.spec?.host !== 'string') {
        continue;
      }
      const service = serviceOfHost(
        set,
        resolveHost(
          rule.spec.host,
          rule.metadata.namespace ?? '',
          set.meshConfig.domain,
        ),
      );
      if (!service) {
        continue;
      }
      const behind = workloadsOf(
        set,
        service.metadata.namespace ?? '',
        service.metadata.name,
      ).filter(workload => workload.pods.length > 0);
      const subsets: any[] = Array.isArray(rule.spec.subsets)
        ? rule.spec.subsets
        : [];
      for (const [index, subset] of subsets.entries()) {
        if (behind.some(workload => selects(subset?.labels, workload.labels))) {
          continue;
        }
        const labels = Object.entries(subset?.labels ?? {})
          .map(([key, value]) => `${key}=${value}`)
          .join(', ');
        yield {
          resource: rule,
          path: `spec.subsets[${index}]`,
          message: `The subset ${subset?.name} selects no pods of ${service.metadata.name}: requests sent to it are answered 503.`,
          fix: `Deploy pods labelled ${labels}, or send no requests to the subset.`,
        };
      }
    }
  },
});
