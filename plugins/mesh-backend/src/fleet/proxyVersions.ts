import { itemsOf, KubeObject, MeshObjects } from '@meshdeck/istio-config';
import type { ProxyVersion } from '@meshdeck/plugin-mesh-common';

interface Container {
  name?: string;
  image?: string;
}

/** The proxy of a pod: a container, or an init container where Kubernetes runs it as a native sidecar. */
export function proxyContainerOf(pod: KubeObject): Container | undefined {
  return [
    ...itemsOf(pod.spec?.containers),
    ...itemsOf(pod.spec?.initContainers),
  ].find(container => container?.name === 'istio-proxy');
}

/** `1.29.2` of `docker.io/istio/proxyv2:1.29.2-distroless`; undefined for a digest alone. */
export function imageVersion(image: string | undefined): string | undefined {
  const [name] = (image ?? '').split('@');
  const tag = /:([\w.-]+)$/.exec(name)?.[1];
  return tag?.replace(/-(distroless|debug)$/, '');
}

/** Kinds and versions of all proxies of a cluster, oldest first. */
export function proxiesOf(
  set: MeshObjects,
): readonly Omit<ProxyVersion, 'skew'>[] {
  return set.derive(countProxies);
}

function countProxies(set: MeshObjects): Omit<ProxyVersion, 'skew'>[] {
  const counts = new Map<string, Omit<ProxyVersion, 'skew'>>();
  for (const pod of set.all('Pod')) {
    const proxy = proxyContainerOf(pod);
    if (proxy && !pod.metadata.deletionTimestamp) {
      const component = componentOf(pod);
      const version = imageVersion(proxy.image) ?? 'unknown';
      const key = `${component} ${version}`;
      const known = counts.get(key) ?? { component, version, count: 0 };
      counts.set(key, { ...known, count: known.count + 1 });
    }
  }
  return [...counts.values()].sort(
    (a, b) =>
      a.component.localeCompare(b.component) ||
      a.version.localeCompare(b.version, 'en', { numeric: true }),
  );
}

function componentOf(pod: KubeObject): ProxyVersion['component'] {
  if (pod.metadata.labels?.app === 'ztunnel') {
    return 'ztunnel';
  }
  // A gateway's proxy has nothing beside it.
  return itemsOf(pod.spec?.containers).every(
    container => container?.name === 'istio-proxy',
  )
    ? 'gateway'
    : 'sidecar';
}

/**
 * How a proxy's version stands to the control plane's. One minor version behind is supported, ahead is not.
 * Source: istio.io, Supported Releases, Control Plane/Data Plane Skew.
 */
export function skewOf(
  version: string,
  controlPlane: readonly string[],
): ProxyVersion['skew'] {
  const own = minorOf(version);
  const minors = controlPlane.map(minorOf).filter(minor => minor !== undefined);
  if (own === undefined || minors.length === 0) {
    return 'unknown';
  }
  if (controlPlane.includes(version)) {
    return 'none';
  }
  // While two revisions run side by side, either may serve it.
  if (own > Math.max(...minors)) {
    return 'ahead';
  }
  return own < Math.min(...minors) - 1 ? 'behind' : 'allowed';
}

function minorOf(version: string): number | undefined {
  const match = /^(\d+)\.(\d+)/.exec(version);
  return match ? Number(match[1]) * 1000 + Number(match[2]) : undefined;
}
