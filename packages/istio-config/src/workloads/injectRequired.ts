import type { ObjectMeta } from '../kube/KubeObject';
import { ownField } from '../kube/reading';
import { labelSelectorMatches } from '../kube/selectors';
import { InjectionDecision } from './injection';
import { isSystemNamespace } from './systemNamespaces';

const INJECT = 'sidecar.istio.io/inject';

/** The injector's own settings, from the ConfigMap `istio-sidecar-injector`. @public */
export interface InjectorSettings {
  /** What happens to a pod that says nothing. */
  policy?: string;
  alwaysInjectSelector?: readonly unknown[];
  neverInjectSelector?: readonly unknown[];
}

/**
 * Whether the injector, once called for a pod, adds a sidecar: not on the host network or in Kubernetes' own namespaces;
 * then the pod's label, its annotation, the selectors and the policy, the first that says something.
 * Source: istio pkg/kube/inject/inject.go, injectRequired.
 * @public
 */
export function injectRequired(
  settings: InjectorSettings,
  pod: {
    namespace: string;
    metadata?: Partial<ObjectMeta>;
    hostNetwork?: boolean;
  },
): InjectionDecision {
  const { labels, annotations } = pod.metadata ?? {};
  if (pod.hostNetwork) {
    return no('the pod uses the host network');
  }
  if (isSystemNamespace(pod.namespace)) {
    return no(`namespace ${pod.namespace} is never injected`);
  }
  const policy = settings.policy ?? 'enabled';
  if (policy !== 'enabled' && policy !== 'disabled') {
    return no(`the injector has the unknown policy ${policy}`);
  }
  const label = ownField(labels, INJECT);
  const wish = label ?? ownField(annotations, INJECT);
  if (wish !== undefined) {
    const where = label === undefined ? 'annotation' : 'label';
    switch (String(wish)) {
      case 'true':
        return yes(`the pod’s ${where} says ${INJECT}=${wish}`);
      case '':
        break;
      case 'false':
        return no(`the pod’s ${where} says ${INJECT}=${wish}`);
      default:
        return byPolicy(policy, `${INJECT}=${wish} means nothing, so `);
    }
  }
  const selected = (selectors: readonly unknown[] | undefined) =>
    (selectors ?? []).some(
      selector =>
        isSelective(selector) && labelSelectorMatches(selector, labels ?? {}),
    );
  if (selected(settings.neverInjectSelector)) {
    return no('neverInjectSelector selects the pod');
  }
  if (selected(settings.alwaysInjectSelector)) {
    return yes('alwaysInjectSelector selects the pod');
  }
  return byPolicy(policy, '');
}

/** An empty selector is passed over, or it would select every pod. */
function isSelective(selector: unknown): boolean {
  return (
    Object.keys(ownField(selector, 'matchLabels') ?? {}).length > 0 ||
    (ownField(selector, 'matchExpressions')?.length ?? 0) > 0
  );
}

function byPolicy(policy: string, because: string): InjectionDecision {
  return {
    injects: policy === 'enabled',
    reason: `${because}the injector’s policy is ${policy}`,
  };
}

function yes(reason: string): InjectionDecision {
  return { injects: true, reason };
}

function no(reason: string): InjectionDecision {
  return { injects: false, reason };
}
