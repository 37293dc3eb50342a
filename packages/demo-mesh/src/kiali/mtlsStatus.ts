import type { KubeObject, MeshObjects } from '@meshdeck/istio-config';

/** What Kiali answers about TLS. */
export interface MtlsStatus {
  status: string;
  autoMTLSEnabled: boolean;
  minTLS: string;
  cluster: string;
  namespace: string;
}

const CLUSTER = 'Kubernetes';

/**
 * Kiali's own reading of the mesh's mTLS, which is not Istio's: it takes the first policy that it lists, not the oldest,
 * and knows only DestinationRules for the whole mesh or a whole namespace.
 */
export function meshMtls(set: MeshObjects): MtlsStatus {
  const { rootNamespace, enableAutoMtls } = set.meshConfig;
  return {
    status: meshStatus(
      wideMode(set, rootNamespace),
      ruleMode(set, '*.local'),
      enableAutoMtls,
    ),
    autoMTLSEnabled: enableAutoMtls,
    minTLS: 'N/A',
    cluster: CLUSTER,
    namespace: '',
  };
}

export function namespaceMtls(set: MeshObjects, namespace: string): MtlsStatus {
  const mesh = meshMtls(set);
  const policy = wideMode(set, namespace);
  return {
    ...mesh,
    namespace,
    status:
      policy === '' || policy === 'UNSET'
        ? inherited(mesh.status, namespace === set.meshConfig.rootNamespace)
        : table(
            policy,
            ruleMode(set, `*.${namespace}.svc.${set.meshConfig.domain}`),
            mesh.autoMTLSEnabled,
          ),
  };
}

function inherited(meshWide: string, isRoot: boolean): string {
  if (isRoot) {
    return meshWide;
  }
  switch (meshWide) {
    case 'MTLS_ENABLED':
      return 'UNSET_INHERITED_STRICT';
    case 'MTLS_DISABLED':
      return 'UNSET_INHERITED_DISABLED';
    default:
      return 'UNSET';
  }
}

function meshStatus(policy: string, rule: string, isAuto: boolean): string {
  const status = table(policy, rule, isAuto);
  if (status !== 'MTLS_PARTIALLY_ENABLED') {
    return status;
  }
  if ((policy === 'DISABLE') !== (rule === 'DISABLE')) {
    return 'MTLS_DISABLED';
  }
  const strictAlone = policy === 'STRICT' && rule === '';
  const mutualAlone = policy === '' && isMutual(rule);
  return isAuto && (strictAlone || mutualAlone) ? 'MTLS_ENABLED' : status;
}

function table(policy: string, rule: string, isAuto: boolean): string {
  const automatic = rule === '' && isAuto;
  if (policy === 'STRICT' && (isMutual(rule) || automatic)) {
    return 'MTLS_ENABLED';
  }
  if (policy === 'DISABLE' && (rule === 'DISABLE' || automatic)) {
    return 'MTLS_DISABLED';
  }
  return policy === '' && rule === ''
    ? 'MTLS_NOT_ENABLED'
    : 'MTLS_PARTIALLY_ENABLED';
}

function isMutual(mode: string): boolean {
  return mode === 'ISTIO_MUTUAL' || mode === 'MUTUAL';
}

/** The mode of the first policy without a selector, as the API server lists them: by name. */
function wideMode(set: MeshObjects, namespace: string): string {
  const policy = byName(set.inNamespace('PeerAuthentication', namespace)).find(
    ({ spec }) => !spec?.selector && spec?.mtls,
  );
  return policy?.spec.mtls.mode ?? '';
}

function ruleMode(set: MeshObjects, host: string): string {
  const rule = byName(set.all('DestinationRule')).find(
    ({ spec }) => spec?.host === host && spec?.trafficPolicy?.tls?.mode,
  );
  return rule?.spec.trafficPolicy.tls.mode ?? '';
}

function byName(objects: readonly KubeObject[]): KubeObject[] {
  const keyOf = ({ metadata }: KubeObject) =>
    `${metadata.namespace}/${metadata.name}`;
  return [...objects].sort((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1));
}
