import {
  filedKind,
  hostCovers,
  itemsOf,
  KubeObject,
  KubeObjectRef,
  MeshConfigSet,
  namespaceOf,
  selects,
  textsOf,
  waysIn,
} from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';

/** A Secret that a gateway takes a certificate from. */
export interface GatewaySecret {
  gateway: KubeObjectRef;
  namespace: string;
  name: string;
}

/** The Secrets behind the servers through which requests from outside reach a service, each once. */
export function gatewaySecrets(
  set: MeshConfigSet,
  { namespace, service }: Pick<Placement, 'namespace' | 'service'>,
): readonly GatewaySecret[] {
  return set.derive(secretsFor, `${namespace}/${service}`);
}

function secretsFor(set: MeshConfigSet, key: string): readonly GatewaySecret[] {
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

type SecretName = Pick<GatewaySecret, 'namespace' | 'name'>;

function secretsOf(
  set: MeshConfigSet,
  gateway: KubeObject,
  hosts: readonly string[],
): SecretName[] {
  return [
    ...serversSecrets(set, gateway, hosts),
    ...listenersSecrets(gateway, hosts),
  ];
}

/** Istio's own Gateway names a Secret beside the gateway's pods. */
function serversSecrets(
  set: MeshConfigSet,
  gateway: KubeObject,
  hosts: readonly string[],
): SecretName[] {
  const selector = gateway.spec?.selector;
  const pod =
    selector &&
    set.all('Pod').find(({ metadata }) => selects(selector, metadata.labels));
  const home = namespaceOf(pod ?? gateway);
  return itemsOf(gateway.spec?.servers)
    .filter(server =>
      textsOf(server?.hosts).some(pattern =>
        serves(pattern.replace(/^[^/]*\//, ''), hosts),
      ),
    )
    .map(server => server?.tls?.credentialName)
    .filter((name): name is string => typeof name === 'string' && name !== '')
    .map(name => {
      const [own, namespace = home] = name
        .replace(/^[a-z-]+:\/\//, '')
        .split('/')
        .reverse();
      return { namespace, name: own };
    });
}

/** A Gateway of the Gateway API names Secrets of its own namespace, or says of which. */
function listenersSecrets(
  gateway: KubeObject,
  hosts: readonly string[],
): SecretName[] {
  return itemsOf(gateway.spec?.listeners)
    .filter(listener => serves(String(listener?.hostname ?? '*'), hosts))
    .flatMap(listener => itemsOf(listener?.tls?.certificateRefs))
    .filter(reference => (reference?.kind ?? 'Secret') === 'Secret')
    .map(reference => ({
      name: String(reference?.name),
      namespace: String(reference?.namespace ?? namespaceOf(gateway)),
    }));
}

function serves(pattern: string, hosts: readonly string[]): boolean {
  return hosts.some(
    host => hostCovers(pattern, host) || hostCovers(host, pattern),
  );
}
