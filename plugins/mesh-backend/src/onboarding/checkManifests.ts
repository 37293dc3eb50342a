import { InputError } from '@backstage/errors';
import { KubeObject, resolveHost, serviceHost } from '@meshdeck/istio-config';
import {
  ANNOTATION_MESHDECK_ENTITY,
  OnboardingRequest,
} from '@meshdeck/plugin-mesh-common';

const API_VERSIONS: Record<string, string> = {
  ServiceAccount: 'v1',
  Service: 'v1',
  Deployment: 'apps/v1',
  PeerAuthentication: 'security.istio.io/v1',
  AuthorizationPolicy: 'security.istio.io/v1',
  DestinationRule: 'networking.istio.io/v1',
  VirtualService: 'networking.istio.io/v1',
};

/**
 * The manifests, if none reaches beyond the new service: kinds that a service needs, in the one namespace, under its
 * name, for its own pods and host.
 * @throws InputError naming the manifest and what is wrong with it.
 */
export function checkManifests(
  request: OnboardingRequest,
  domain: string,
  entityRef: string,
): KubeObject[] {
  const service = request.manifests.find(({ kind }) => kind === 'Service');
  const bound = service?.metadata.annotations?.[ANNOTATION_MESHDECK_ENTITY];
  if (bound !== entityRef) {
    throw new InputError(
      `The Service must carry the annotation ${ANNOTATION_MESHDECK_ENTITY}: ${entityRef}.`,
    );
  }
  return request.manifests.map(manifest => {
    const problem = problemOf(manifest as KubeObject, request, domain);
    if (problem) {
      throw new InputError(
        `${manifest.kind} ${manifest.metadata.name}: ${problem}`,
      );
    }
    return manifest as KubeObject;
  });
}

function problemOf(
  { apiVersion, kind, metadata, spec }: KubeObject,
  { namespace, name }: OnboardingRequest,
  domain: string,
): string | undefined {
  if (!Object.hasOwn(API_VERSIONS, kind) || API_VERSIONS[kind] !== apiVersion) {
    return `onboarding does not write ${kind} of ${apiVersion}.`;
  }
  if (metadata.namespace !== namespace) {
    return `its namespace must be ${namespace}.`;
  }
  if (metadata.name !== name && !metadata.name.startsWith(`${name}-`)) {
    return `its name must be ${name}, or begin with ${name}-.`;
  }
  const own = serviceHost(namespace, name, domain);
  const isOwn = (host: unknown) =>
    typeof host === 'string' && resolveHost(host, namespace, domain) === own;
  switch (kind) {
    case 'Service':
      return spec?.selector?.app === name
        ? undefined
        : `its selector must be app: ${name}.`;
    case 'Deployment':
      return spec?.template?.metadata?.labels?.app === name
        ? undefined
        : `its pods must be labelled app: ${name}.`;
    case 'PeerAuthentication':
    case 'AuthorizationPolicy':
      return spec?.selector?.matchLabels?.app === name
        ? undefined
        : `it must select app: ${name}, or it would concern other services.`;
    case 'DestinationRule':
      return isOwn(spec?.host) ? undefined : `its host must be ${own}.`;
    case 'VirtualService':
      return Array.isArray(spec?.hosts) &&
        spec.hosts.every(isOwn) &&
        !spec.gateways
        ? undefined
        : `its only host must be ${own}, without gateways.`;
    default:
      return undefined;
  }
}
