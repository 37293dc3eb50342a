import { defineFinding } from '../Finding';

/** `outboundTrafficPolicy.egressProxy` is ignored. */
export const ignoredEgressProxy = defineFinding({
  code: 'IST0002',
  level: 'warning',
  inputs: ['Sidecar'],
  source: 'istio: pkg/config/analysis/analyzers/deprecation/deprecation.go',
  *find({ Sidecar: sidecars }) {
    for (const sidecar of sidecars) {
      if (sidecar.spec?.outboundTrafficPolicy?.egressProxy) {
        yield {
          resource: sidecar,
          path: 'spec.outboundTrafficPolicy.egressProxy',
          message: 'outboundTrafficPolicy.egressProxy is ignored.',
          fix: 'Remove it, and route unknown hosts to an egress gateway with a VirtualService.',
        };
      }
    }
  },
});
