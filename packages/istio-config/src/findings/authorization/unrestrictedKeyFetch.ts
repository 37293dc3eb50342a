import { fullNameOf } from '../../kube/KubeObject';
import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

const SETTING = 'BLOCKED_CIDRS_IN_JWKS_URIS';
const NAMED = 5;

/** istiod fetches keys from any address that a RequestAuthentication names, also inside the cluster. */
export const unrestrictedKeyFetch = defineFinding({
  code: 'IST0175',
  level: 'warning',
  inputs: ['Deployment'],
  source: 'istio: pkg/config/analysis/analyzers/authn/blockedcidrs.go',
  *find({ Deployment: deployments }, set) {
    for (const deployment of deployments) {
      if (deployment.metadata.labels?.app !== 'istiod') {
        continue;
      }
      const settings = itemsOf(deployment.spec?.template?.spec?.containers)
        .flatMap(container => itemsOf(container?.env))
        .filter(variable => variable?.name === SETTING && variable.value);
      const readers = set.all('RequestAuthentication').map(fullNameOf).sort();
      if (readers.length === 0 || settings.length > 0) {
        continue;
      }
      yield {
        resource: deployment,
        message: `istiod fetches keys from whatever address a RequestAuthentication names (${readers
          .slice(0, NAMED)
          .join(', ')}${
          readers.length > NAMED ? ` and ${readers.length - NAMED} more` : ''
        }), inside the cluster too.`,
        fix: `Set ${SETTING} on istiod to the ranges it must not ask.`,
      };
    }
  },
});
