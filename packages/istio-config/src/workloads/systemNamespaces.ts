const SYSTEM_NAMESPACES = new Set([
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
]);

/** Whether a namespace is Kubernetes' own: nothing there is injected or judged. Source: istio pkg/kube/inject, IgnoredNamespaces. @public */
export function isSystemNamespace(name: string): boolean {
  return SYSTEM_NAMESPACES.has(name);
}
