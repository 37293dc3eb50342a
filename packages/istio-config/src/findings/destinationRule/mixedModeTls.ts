import { resolveHost, serviceOfHost } from '../../hosts/hosts';
import type { KubeObject } from '../../kube/KubeObject';
import { placeOf, valueAt } from '../../kube/place';
import { isMap } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import { defineFinding } from '../Finding';
import { tlsClashes, type TlsClash } from './tlsClashes';
import { tlsMend } from './tlsMend';
import { tlsScope } from './tlsScope';
import { trafficPolicies } from './trafficPolicies';

/** Callers are told to send one kind of TLS, and the service takes another: every connection is refused. */
export const mixedModeTls = defineFinding({
  code: 'MD0106',
  level: 'error',
  inputs: ['DestinationRule'],
  source:
    'istio: pilot/pkg/networking/core/cluster_tls.go: an explicit mode wins over automatic mTLS; pilot/pkg/networking/util/util.go, MergeSubsetTrafficPolicy',
  *find({ DestinationRule: rules }, set) {
    for (const rule of rules) {
      const service = saysTls(rule) && serviceOf(set, rule);
      if (!service) {
        continue;
      }
      for (const clash of firstOfEachPath(tlsClashes(set, rule, service))) {
        const { path, mode, why } = clash;
        yield {
          resource: rule,
          path: saysMode(rule, path) ? `${path}.mode` : path,
          message: `Callers of ${service.metadata.name}${onlySome(
            rule,
            path,
          )} are told to ${
            mode === 'DISABLE'
              ? 'send plaintext'
              : `use ${
                  mode === 'ISTIO_MUTUAL' ? 'Istio’s mTLS' : `${mode} TLS`
                }`
          }, but ${why}: every connection is refused.`,
          fix: set.meshConfig.enableAutoMtls
            ? 'Remove tls here: automatic mTLS then sends what the service takes.'
            : 'Set tls.mode to what the service takes.',
          mend: tlsMend(set, { rule, service, path }),
        };
      }
    }
  },
});

function saysMode(rule: KubeObject, path: string): boolean {
  return valueAt(rule, [...placeOf(path), 'mode']) !== undefined;
}

function saysTls(rule: KubeObject): boolean {
  return [...trafficPolicies(rule)].some(({ policy }) => isMap(policy.tls));
}

function serviceOf(
  set: MeshObjects,
  { spec, metadata: { namespace = '' } }: KubeObject,
): KubeObject | undefined {
  const host: unknown = spec?.host;
  return typeof host === 'string'
    ? serviceOfHost(set, resolveHost(host, namespace, set.meshConfig.domain))
    : undefined;
}

/** One `tls` may clash on several ports: it is one mistake. */
function firstOfEachPath(clashes: readonly TlsClash[]): TlsClash[] {
  return clashes.filter(
    ({ path }, index) =>
      clashes.findIndex(other => other.path === path) === index,
  );
}

function onlySome(rule: KubeObject, path: string): string {
  const { subset, port } = tlsScope(rule, path);
  return `${subset === undefined ? '' : ` in its subset ${subset}`}${
    port === undefined ? '' : ` on port ${port}`
  }`;
}
