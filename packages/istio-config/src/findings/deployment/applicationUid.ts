import { KubeObject } from '../../kube/KubeObject';
import { itemsOf, ownField } from '../../kube/reading';
import { defineFinding } from '../Finding';

const PROXY_UID = 1337;

/** An application that runs under the proxy's own user: its traffic is not captured. */
export const applicationUid = defineFinding({
  code: 'IST0144',
  level: 'warning',
  inputs: ['Pod', 'Deployment'],
  source: 'istio: pkg/config/analysis/analyzers/deployment/pod.go',
  *find({ Pod: pods, Deployment: deployments }) {
    for (const object of [...pods, ...deployments]) {
      const isTemplate = object.kind === 'Deployment';
      const spec = isTemplate ? object.spec?.template?.spec : object.spec;
      const path = isTemplate ? 'spec.template.spec' : 'spec';
      if (isControlPlane(object)) {
        continue;
      }
      const place = [
        { where: path, context: spec?.securityContext },
        ...itemsOf(spec?.containers)
          .map((container, index) => ({
            name: container?.name,
            where: `${path}.containers[${index}]`,
            context: container?.securityContext,
          }))
          .filter(
            ({ name }) => name !== 'istio-proxy' && name !== 'istio-operator',
          ),
      ].find(({ context }) => context?.runAsUser === PROXY_UID);
      if (place) {
        yield {
          resource: object,
          path: `${place.where}.securityContext.runAsUser`,
          message: `It runs as user ${PROXY_UID}, which is the proxy's: its traffic passes by the sidecar, without mTLS or policies.`,
          fix: 'Run it as another user.',
        };
      }
    }
  },
});

/** Source: istio pkg/config/analysis/analyzers/util/config.go, IsIstioControlPlane. */
export function isControlPlane(object: KubeObject): boolean {
  const { labels } = object.metadata;
  return (
    ownField(labels, 'istio') !== undefined ||
    ownField(labels, 'release') === 'istio'
  );
}
