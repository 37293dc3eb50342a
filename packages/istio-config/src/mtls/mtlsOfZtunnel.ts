import type { KubeObject } from '../kube/KubeObject';
import { fieldsOf } from '../kube/reading';
import type { EffectiveMtls } from './types';

/**
 * What ztunnel makes of a mode: it refuses plaintext where STRICT, and takes both everywhere else, so DISABLE is PERMISSIVE. A DISABLE
 * port of a policy that leaves the rest to a STRICT namespace or mesh stays STRICT unless another of its ports is PERMISSIVE.
 * Source: istio pilot/pkg/serviceregistry/ambient/authorization.go, convertedSelectorPeerAuthentications.
 */
export function mtlsOfZtunnel(
  answer: EffectiveMtls,
  workloadPolicy: KubeObject | undefined,
): EffectiveMtls {
  if (answer.mode !== 'DISABLE') {
    return answer;
  }
  const [mesh, namespace, workload, port] = answer.chain;
  const inherited = namespace.mode === 'UNSET' ? mesh.mode : namespace.mode;
  const hasPermissivePort = fieldsOf(workloadPolicy?.spec?.portLevelMtls).some(
    ([, value]) => value?.mode === 'PERMISSIVE',
  );
  return port.decides &&
    workload.mode === 'UNSET' &&
    inherited === 'STRICT' &&
    !hasPermissivePort
    ? {
        ...answer,
        mode: 'STRICT',
        note: 'ztunnel does not know DISABLE for a port of a STRICT workload: it stays STRICT',
      }
    : {
        ...answer,
        mode: 'PERMISSIVE',
        note: 'ztunnel does not know DISABLE: it takes plaintext and HBONE',
      };
}
