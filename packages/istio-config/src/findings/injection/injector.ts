import type { KubeObject } from '../../kube/KubeObject';
import { itemsOf, ownField } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { isSystemNamespace } from '../../workloads/systemNamespaces';

/** Namespaces whose injection is nobody's business. */
export function isPlatformNamespace(set: MeshObjects, name: string): boolean {
  return name === set.meshConfig.rootNamespace || isSystemNamespace(name);
}

/** What an injector's ConfigMap says, by its revision; the default one is called `istio-sidecar-injector`. */
export function injectorValues(
  set: MeshObjects,
  revision: string | undefined,
): unknown {
  const name =
    !revision || revision === 'default'
      ? 'istio-sidecar-injector'
      : `istio-sidecar-injector-${revision}`;
  return set.derive(valuesByName).get(name);
}

function valuesByName(set: MeshObjects): ReadonlyMap<string, unknown> {
  const result = new Map<string, unknown>();
  for (const configMap of set.all('ConfigMap')) {
    if (configMap.metadata.name.startsWith('istio-sidecar-injector')) {
      result.set(configMap.metadata.name, valuesOf(configMap));
    }
  }
  return result;
}

function valuesOf(configMap: KubeObject): unknown {
  try {
    return JSON.parse(String(configMap.data?.values));
  } catch {
    return {};
  }
}

/** Whether namespaces without a label are injected. */
export function injectsByDefault(values: unknown): boolean {
  return (
    ownField(
      ownField(values, 'sidecarInjectorWebhook'),
      'enableNamespacesByDefault',
    ) === true
  );
}

/** Namespaces whose labels do not say whether their pods belong to the mesh: the injector's default decides. */
export function undecidedNamespaces(
  set: MeshObjects,
  namespaces: readonly KubeObject[],
): KubeObject[] {
  return namespaces.filter(
    ({ metadata: { name, labels } }) =>
      !isPlatformNamespace(set, name) &&
      ownField(labels, 'istio.io/dataplane-mode') !== 'ambient' &&
      !ownField(labels, 'istio-injection') &&
      ownField(labels, 'istio.io/rev') === undefined,
  );
}

/** The proxy image that the injector puts into pods. */
export function proxyImageOf(values: unknown): string {
  const global = ownField(values, 'global');
  const image = String(ownField(ownField(global, 'proxy'), 'image') ?? '');
  return image.includes('/')
    ? image
    : `${ownField(global, 'hub')}/${image}:${ownField(global, 'tag')}`;
}

/** Whether a namespace is labelled for injection. */
export function isInjected(namespace: KubeObject | undefined): boolean {
  const labels = namespace?.metadata.labels;
  const injection = ownField(labels, 'istio-injection');
  return (
    injection === 'enabled' ||
    (injection === undefined && ownField(labels, 'istio.io/rev') !== undefined)
  );
}

/** The istiod webhooks that inject. */
export function injectionWebhooks(set: MeshObjects): any[] {
  return set
    .all('MutatingWebhookConfiguration')
    .flatMap(configuration => itemsOf(configuration.webhooks))
    .filter(webhook => String(webhook?.name ?? '').endsWith('istio.io'));
}
