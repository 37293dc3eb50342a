/** Namespaces of the platform: no annotation in a catalog file opens them. */
export function isSystemNamespace(
  namespace: string | undefined,
  rootNamespace: string,
): boolean {
  return (
    namespace === rootNamespace ||
    namespace === 'istio-system' ||
    (namespace?.startsWith('kube-') ?? false)
  );
}
