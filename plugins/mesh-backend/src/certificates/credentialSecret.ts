import {
  isGranted,
  KubeObject,
  MeshObjects,
  namespaceOf,
} from '@meshdeck/istio-config';

interface SecretName {
  namespace: string;
  name: string;
}

const SCHEME = /^([a-z-]+):\/\/(.*)$/;

/**
 * The Secret that a `credentialName` means to pods that run in `home`; undefined for what is no Secret: a workload's own
 * certificate, or a ConfigMap.
 * Source: istio pilot/pkg/model/credentials/resource.go, ParseResourceName, and pilot/pkg/xds/sds.go,
 * filterAuthorizedResources: another namespace than that of the pods is never allowed, save for `kubernetes-gateway://` with a
 * ReferenceGrant.
 */
export function credentialSecret(
  set: MeshObjects,
  credential: { name: string; home: string; gateway: KubeObject },
): (SecretName & { refused?: string }) | undefined {
  const { home, gateway } = credential;
  const [, scheme = 'kubernetes', text = credential.name] =
    SCHEME.exec(credential.name) ?? [];
  const [first, second] = text.split('/');
  const secret =
    second === undefined
      ? { namespace: home, name: first }
      : { namespace: first, name: second };
  if (!secret.name || !secret.namespace) {
    return undefined;
  }
  switch (scheme) {
    case 'kubernetes':
      return secret.namespace === home
        ? secret
        : {
            ...secret,
            refused: `It lies in another namespace than the gateway's pods, which run in ${home}: Istio does not give it to them, so TLS handshakes fail. Put the Secret into ${home}, and name it without a namespace.`,
          };
    case 'kubernetes-gateway':
      return namespaceOf(gateway) === home
        ? granted(set, home, secret)
        : {
            ...secret,
            refused: `Istio gives a Secret that is named so only to pods in the namespace of their Gateway; these run in ${home}. Name it without kubernetes-gateway://, beside the pods.`,
          };
    default:
      return undefined;
  }
}

/** A Secret that a Gateway of a namespace names: of its own, or of one whose ReferenceGrant lets it. */
export function granted(
  set: MeshObjects,
  from: string,
  secret: SecretName,
): SecretName & { refused?: string } {
  const isAllowed =
    secret.namespace === from ||
    isGranted(
      set,
      { kind: 'Gateway', namespace: from },
      { group: '', kind: 'Secret', ...secret },
    );
  return isAllowed
    ? secret
    : {
        ...secret,
        refused: `Namespace ${secret.namespace} does not grant it to Gateways of ${from}, so TLS handshakes fail. Create a ReferenceGrant there, or put the Secret into ${from}.`,
      };
}
