import {
  filedKind,
  hostCovers,
  itemsOf,
  KubeObject,
  KubeObjectRef,
  MeshObjects,
  namespaceOf,
  selects,
  textsOf,
  waysIn,
} from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';
import { credentialSecret, granted } from './credentialSecret';

/** A Secret that a gateway is to take a certificate from. */
export interface GatewaySecret {
  gateway: KubeObjectRef;
  namespace: string;
  name: string;
  /** Why Istio does not let it: then nobody reads the Secret for its sake. */
  refused?: string;
}

/** The Secrets behind the servers through which requests from outside reach a service, each once. */
export function gatewaySecrets(
  set: MeshObjects,
  { namespace, service }: Pick<Placement, 'namespace' | 'service'>,
): readonly GatewaySecret[] {
  return set.derive(secretsFor, `${namespace}/${service}`);
}

function secretsFor(set: MeshObjects, key: string): readonly GatewaySecret[] {
  const [namespace, service] = key.split('/');
  const found = waysIn(set, namespace, service).flatMap(
    ({ gateway, hosts }) => {
      const { namespace: home, name } = gateway;
      const object = set.get(filedKind(gateway), home, name);
      return object
        ? secretsOf(set, object, hosts).map(secret => ({ gateway, ...secret }))
        : [];
    },
  );
  return [
    ...new Map(
      found.map(secret => [JSON.stringify(Object.values(secret)), secret]),
    ).values(),
  ];
}

type NamedSecret = Omit<GatewaySecret, 'gateway'>;

function secretsOf(
  set: MeshObjects,
  gateway: KubeObject,
  hosts: readonly string[],
): NamedSecret[] {
  return [
    ...serversSecrets(set, gateway, hosts),
    ...listenersSecrets(set, gateway, hosts),
  ];
}

/** Istio's own Gateway names a Secret beside the gateway's pods, in whichever namespaces those run. */
function serversSecrets(
  set: MeshObjects,
  gateway: KubeObject,
  hosts: readonly string[],
): NamedSecret[] {
  const { name: own } = gateway.metadata;
  const homes = set.derive(podNamespaces, `${namespaceOf(gateway)}/${own}`);
  const names = itemsOf(gateway.spec?.servers)
    .filter(server =>
      textsOf(server?.hosts).some(pattern =>
        serves(pattern.replace(/^[^/]*\//, ''), hosts),
      ),
    )
    .flatMap(({ tls }) => [
      ...textsOf(tls?.credentialNames),
      ...textsOf([tls?.credentialName]),
    ]);
  return homes.flatMap(home =>
    names.flatMap(name => credentialSecret(set, { name, home, gateway }) ?? []),
  );
}

/** Where the pods of an Istio Gateway run; without pods nothing is served, whatever it names. */
function podNamespaces(set: MeshObjects, key: string): string[] {
  const [namespace, name] = key.split('/');
  const selector = set.get('Gateway', namespace, name)?.spec?.selector;
  const pods = selector
    ? set
        .all('Pod')
        .filter(({ metadata }) => selects(selector, metadata.labels))
    : [];
  return [...new Set(pods.map(namespaceOf))];
}

/** A Gateway of the Gateway API names Secrets of its own namespace, or of one that lets it. */
function listenersSecrets(
  set: MeshObjects,
  gateway: KubeObject,
  hosts: readonly string[],
): NamedSecret[] {
  return itemsOf(gateway.spec?.listeners)
    .filter(listener => serves(String(listener?.hostname ?? '*'), hosts))
    .flatMap(listener => itemsOf(listener?.tls?.certificateRefs))
    .filter(
      reference =>
        (reference?.kind ?? 'Secret') === 'Secret' &&
        ['', 'core'].includes(reference?.group ?? ''),
    )
    .map(reference =>
      granted(set, namespaceOf(gateway), {
        name: String(reference?.name),
        namespace: String(reference?.namespace ?? namespaceOf(gateway)),
      }),
    );
}

function serves(pattern: string, hosts: readonly string[]): boolean {
  return hosts.some(
    host => hostCovers(pattern, host) || hostCovers(host, pattern),
  );
}
