import type { KubeObject } from '../../kube/KubeObject';
import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

const GROUP = 'gateway.networking.k8s.io';
const BUNDLE = 'gateway.networking.k8s.io/bundle-version';

/** Source: istio pkg/config/schema/gatewayapi. */
const MINIMUM = new Map([
  [`grpcroutes.${GROUP}`, '1.1.0'],
  [`backendtlspolicies.${GROUP}`, '1.4.0'],
  [`tlsroutes.${GROUP}`, '1.5.0'],
]);

/** Source: istio istioctl/pkg/precheck/precheck.go, checkGatewayAPIs. */
const READ_AS_BETA = ['Gateway', 'GatewayClass', 'HTTPRoute', 'ReferenceGrant'];
const READ_AS_STABLE = ['Gateway', 'GatewayClass', 'HTTPRoute', 'GRPCRoute'];

/** A Gateway API definition older than what istiod reads: it ignores the kind without a word. */
export const bundleTooOld = defineFinding({
  code: 'IST0176',
  level: 'warning',
  inputs: ['CustomResourceDefinition'],
  source: 'istio: pkg/config/analysis/analyzers/k8sgateway/crdversion.go',
  *find({ CustomResourceDefinition: definitions }) {
    for (const definition of definitions) {
      const minimum = MINIMUM.get(definition.metadata.name);
      const installed = definition.metadata.annotations?.[BUNDLE];
      if (minimum && installed && isBelow(String(installed), minimum)) {
        yield {
          resource: definition,
          path: 'metadata.annotations',
          message: `The Gateway API's bundle ${installed} is installed; istiod reads this kind from ${minimum} on and ignores it now.`,
          fix: `Install the Gateway API's bundle ${minimum} or newer.`,
        };
      }
    }
  },
});

/** A Gateway API definition without the version that Istio reads its kind in. */
export const versionNotServed = defineFinding({
  code: 'IST0156',
  level: 'error',
  inputs: ['CustomResourceDefinition'],
  source: 'istio: istioctl/pkg/precheck/precheck.go, checkGatewayAPIs',
  *find({ CustomResourceDefinition: definitions }) {
    for (const definition of definitions) {
      const served = servedVersions(definition, READ_AS_BETA);
      if (served && !served.includes('v1beta1')) {
        yield {
          resource: definition,
          path: 'spec.versions',
          message: `It serves ${
            served.join(', ') || 'no version'
          } and not v1beta1, in which Istio reads the kind: it does not see these objects.`,
          fix: 'Install a bundle of the Gateway API that serves v1beta1.',
        };
      }
    }
  },
});

/** A Gateway API definition without the version that newer Istio reads its kind in. */
export const versionSoonGone = defineFinding({
  code: 'IST0172',
  level: 'warning',
  inputs: ['CustomResourceDefinition'],
  source: 'istio: istioctl/pkg/precheck/precheck.go, checkGatewayAPIs',
  *find({ CustomResourceDefinition: definitions }) {
    for (const definition of definitions) {
      const served = servedVersions(definition, READ_AS_STABLE);
      if (served && !served.includes('v1')) {
        yield {
          resource: definition,
          path: 'spec.versions',
          message: `It serves ${
            served.join(', ') || 'no version'
          } and not v1, which newer versions of Istio need.`,
          fix: 'Install a current bundle of the Gateway API.',
        };
      }
    }
  },
});

/** The versions that a Gateway API definition of one of the kinds serves. */
function servedVersions(
  definition: KubeObject,
  kinds: readonly string[],
): string[] | undefined {
  const { spec } = definition;
  return spec?.group === GROUP && kinds.includes(spec.names?.kind)
    ? itemsOf(spec.versions)
        .filter(version => version?.served)
        .map(version => String(version.name))
    : undefined;
}

function isBelow(installed: string, minimum: string): boolean {
  const match = /^v?(\d+)\.(\d+)(?:\.(\d+))?/.exec(installed);
  if (!match) {
    return false;
  }
  const [own, wanted] = [
    [match[1], match[2], match[3] ?? '0'].map(Number),
    minimum.split('.').map(Number),
  ];
  const at = own.findIndex((part, index) => part !== wanted[index]);
  return at >= 0 && own[at] < wanted[at];
}
