import { hostCovers } from '../../hosts/hosts';
import { oldestFirst } from '../../kube/age';
import {
  describeRef,
  KubeObject,
  namespaceOf,
  refOf,
} from '../../kube/KubeObject';
import { compareFullNames } from '../../kube/order';
import { textsOf } from '../../kube/reading';
import type { MeshObjects } from '../../MeshObjects';
import {
  gatewaysOf,
  hostsOf,
  virtualServicesNaming,
} from '../../routes/virtualServices';
import { defineFinding } from '../Finding';

interface Claim {
  object: KubeObject;
  path: string;
  host: string;
  /** The namespaces that see the object; `*` for all. */
  scopes: readonly string[];
}

/** Two VirtualServices for the same host inside the mesh: the older one counts, the other has no effect there. */
export const shadowedVirtualService = defineFinding({
  code: 'IST0109',
  level: 'error',
  scope: 'mesh',
  inputs: ['VirtualService'],
  source:
    'istio: pkg/config/analysis/analyzers/virtualservice/conflictingmeshgatewayhosts.go',
  *find(_inputs, set) {
    const everywhere = new Map<string, Claim[]>();
    const scoped = new Map<string, Map<string, Claim[]>>();
    const wildcards: Claim[] = [];
    for (const namespace of contestedNamespaces(set)) {
      for (const claim of set.derive(claimsIn, namespace)) {
        for (const scope of claim.scopes) {
          const claims =
            scope === '*' ? everywhere : scoped.get(scope) ?? new Map();
          if (scope !== '*') {
            scoped.set(scope, claims);
          } else if (claim.host.startsWith('*')) {
            wildcards.push(claim);
          }
          const known = claims.get(claim.host);
          if (known) {
            known.push(claim);
          } else {
            claims.set(claim.host, [claim]);
          }
        }
      }
    }
    const reported = new Set<KubeObject>();
    for (const claims of everywhere.values()) {
      yield* conflicts(claims, reported);
    }
    for (const [, hosts] of [...scoped].sort(([a], [b]) => (a < b ? -1 : 1))) {
      for (const [host, claims] of hosts) {
        const others = host.startsWith('*')
          ? [...everywhere.values()]
              .flat()
              .filter(other => hostsMeet(host, other.host))
          : [
              ...(everywhere.get(host) ?? []),
              ...wildcards.filter(other => hostsMeet(other.host, host)),
            ];
        yield* conflicts([...claims, ...others], reported);
      }
    }
  },
});

/** Where something may be claimed twice: beside a wildcard anywhere, else where a host is named by two. */
function contestedNamespaces(set: MeshObjects): readonly string[] {
  const namespaces = set.namespacesWith(['VirtualService']);
  if (virtualServicesNaming.hasWildcards(set)) {
    return namespaces;
  }
  const sharing = new Set(virtualServicesNaming.namespacesSharing(set));
  return sharing.size > 0
    ? namespaces.filter(namespace => sharing.has(namespace))
    : [];
}

/** Whether one of two hosts, wildcards or not, covers the other. Source: istio pkg/config/host, Name.Matches. */
function hostsMeet(a: string, b: string): boolean {
  return hostCovers(a, b) || hostCovers(b, a);
}

function* conflicts(claims: readonly Claim[], reported: Set<KubeObject>) {
  if (claims.length < 2) {
    return;
  }
  const [winner] = oldestFirst(new Set(claims.map(({ object }) => object)));
  if (claims.every(({ object }) => object === winner)) {
    return;
  }
  for (const { object, path, host } of claims) {
    if (reported.has(object)) {
      continue;
    }
    reported.add(object);
    const losers = [...new Set(claims.map(claim => claim.object))]
      .filter(other => other !== winner)
      .map(other => describeRef(refOf(other)));
    yield {
      resource: object,
      path,
      message:
        object === winner
          ? `${losers.join(
              ' and ',
            )} also names the host ${host}: inside the mesh this one, the oldest, counts alone.`
          : `${describeRef(
              refOf(winner),
            )} is older and names the same host ${host}: inside the mesh this one has no effect.`,
      fix: 'Merge them into one object, or delete the one that has no effect.',
    };
  }
}

function claimsIn(set: MeshObjects, namespace: string): Claim[] {
  return [...set.inNamespace('VirtualService', namespace)]
    .sort(compareFullNames)
    .flatMap(object => claimsOf(set, object));
}

/** The hosts that an object claims inside the mesh. */
function claimsOf(set: MeshObjects, object: KubeObject): Claim[] {
  if (!gatewaysOf(object).includes('mesh')) {
    return [];
  }
  const scopes = scopesOf(object);
  return hostsOf(set, object).map((host, index) => ({
    object,
    path: `spec.hosts[${index}]`,
    host,
    scopes,
  }));
}

function scopesOf(object: KubeObject): string[] {
  const exportTo = textsOf(object.spec?.exportTo);
  if (exportTo.length === 0 || exportTo.includes('*')) {
    return ['*'];
  }
  return [
    ...new Set(
      exportTo.map(scope => (scope === '.' ? namespaceOf(object) : scope)),
    ),
  ];
}
