import { resolveHost, serviceOfHost } from '../../hosts/hosts';
import { describeRef, KubeObject, namespaceOf } from '../../kube/KubeObject';
import { isMap, itemsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { effectiveMtls } from '../../mtls/effectiveMtls';
import type { Workload } from '../../workloads/Workload';
import { targetPortOf, workloadsOf } from '../../workloads/workloads';
import { defineFinding } from '../Finding';
import { withoutTls } from './withoutTls';

/** Callers are told to send one kind of TLS, and the service takes another: every connection is refused. */
export const mixedModeTls = defineFinding({
  code: 'MD0106',
  level: 'error',
  inputs: ['DestinationRule'],
  source:
    'istio: pilot/pkg/networking/core/cluster_tls.go: an explicit mode wins over automatic mTLS',
  *find({ DestinationRule: rules }, set) {
    for (const rule of rules) {
      const mode: unknown = rule.spec?.trafficPolicy?.tls?.mode;
      const host: unknown = rule.spec?.host;
      if (typeof mode !== 'string' || typeof host !== 'string') {
        continue;
      }
      const service = serviceOfHost(
        set,
        resolveHost(host, namespaceOf(rule), set.meshConfig.domain),
      );
      const clash = service && clashWith(set, mode, service);
      if (clash) {
        yield {
          resource: rule,
          path: 'spec.trafficPolicy.tls.mode',
          message: `Callers of ${service.metadata.name} are told to ${
            mode === 'DISABLE'
              ? 'send plaintext'
              : `use ${
                  mode === 'ISTIO_MUTUAL' ? 'Istio’s mTLS' : `${mode} TLS`
                }`
          }, but ${clash}: every connection is refused.`,
          fix: 'Remove tls here: automatic mTLS then sends what the service takes.',
          mend: {
            does: `tls goes from the traffic policy: callers of ${service.metadata.name} send what it takes, by automatic mTLS.`,
            edits: [
              withoutTls(rule.spec.trafficPolicy, ['spec', 'trafficPolicy']),
            ],
          },
        };
      }
    }
  },
});

function clashWith(
  set: MeshObjects,
  mode: string,
  service: KubeObject,
): string | undefined {
  const behind = workloadsOf(
    set,
    namespaceOf(service),
    service.metadata.name,
  ).filter(workload => workload.pods.length > 0);
  for (const port of itemsOf(service.spec?.ports)) {
    for (const workload of behind) {
      const why = refusal(set, mode, workload, service, Number(port?.port));
      if (why) {
        return why;
      }
    }
  }
  return undefined;
}

function refusal(
  set: MeshObjects,
  mode: string,
  workload: Workload,
  service: KubeObject,
  port: number,
): string | undefined {
  if (workload.dataPlane === 'none') {
    // Of a template without its Namespace nobody knows whether it is injected; of a pod that runs it is plain to see.
    const isKnown =
      set.namespace(workload.namespace) !== undefined ||
      workload.pods.some(pod => isMap(pod.status));
    return mode === 'ISTIO_MUTUAL' && isKnown
      ? `the pods of ${workload.name} have no proxy to answer it`
      : undefined;
  }
  const {
    mode: server,
    decidedBy,
    note,
  } = effectiveMtls(set, workload, targetPortOf(service, port, workload));
  const by = decidedBy ? ` by ${describeRef(decidedBy)}` : '';
  if (mode === 'DISABLE' && server === 'STRICT') {
    return `${workload.name} takes only mTLS (STRICT${by})`;
  }
  if (mode === 'ISTIO_MUTUAL' && server === 'DISABLE') {
    return note ?? `mTLS is disabled for ${workload.name}${by}`;
  }
  return (mode === 'SIMPLE' || mode === 'MUTUAL') && server === 'STRICT'
    ? `${workload.name} takes only certificates of the mesh (STRICT${by})`
    : undefined;
}
