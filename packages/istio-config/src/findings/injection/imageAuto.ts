import { KubeObject, namespaceOf } from '../../kube/KubeObject';
import { itemsOf } from '../../kube/reading';
import { labelSelectorMatches } from '../../kube/selectors';
import { defineFinding } from '../Finding';
import { injectionWebhooks } from './injector';

function wantsImage(spec: any): boolean {
  return itemsOf(spec?.containers).some(
    container =>
      container?.name === 'istio-proxy' && container.image === 'auto',
  );
}

/** A running pod with `image: auto`: the injector never filled it in, so it cannot start. */
export const imageAutoInPod = defineFinding({
  code: 'IST0147',
  level: 'error',
  inputs: ['Pod'],
  source: 'istio: pkg/config/analysis/analyzers/injection/image-auto.go',
  *find({ Pod: pods }) {
    for (const pod of pods) {
      if (wantsImage(pod.spec)) {
        yield {
          resource: pod,
          path: 'spec.containers',
          message:
            'Its proxy still has image: auto, which only the injector replaces: it cannot start.',
          fix: 'Label its namespace or the pod for injection, and create it again.',
        };
      }
    }
  },
});

/** A Deployment with `image: auto` that no injector will see. */
export const imageAutoInDeployment = defineFinding({
  code: 'IST0146',
  level: 'warning',
  inputs: ['Deployment'],
  needs: ['MutatingWebhookConfiguration'],
  source: 'istio: pkg/config/analysis/analyzers/injection/image-auto.go',
  *find({ Deployment: deployments }, set) {
    const webhooks = set.derive(injectionWebhooks);
    const isSeen = (deployment: KubeObject) => {
      const namespace = set.namespace(namespaceOf(deployment) || 'default');
      return webhooks.some(
        webhook =>
          labelSelectorMatches(
            webhook.namespaceSelector,
            namespace?.metadata.labels,
          ) &&
          labelSelectorMatches(
            webhook.objectSelector,
            deployment.spec?.template?.metadata?.labels,
          ),
      );
    };
    for (const deployment of deployments) {
      if (wantsImage(deployment.spec?.template?.spec) && !isSeen(deployment)) {
        yield {
          resource: deployment,
          path: 'spec.template.spec.containers',
          message:
            'Its proxy has image: auto, but no injector is called for its pods: they will not start.',
          fix: 'Label the namespace istio-injection=enabled, or the pods sidecar.istio.io/inject=true.',
        };
      }
    }
  },
});
