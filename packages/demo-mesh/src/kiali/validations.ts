import {
  KubeObject,
  MeshObjects,
  resolveHost,
  selects,
  serviceOfHost,
  workloadsIn,
  workloadsOf,
} from '@meshdeck/istio-config';

/** One remark of Kiali's about an object. */
export interface Check {
  code: string;
  message: string;
  severity: 'error' | 'warning';
  path: string;
}

export interface ObjectValidation {
  name: string;
  namespace: string;
  gvk: string;
  valid: boolean;
  checks: Check[];
}

const KINDS: Record<string, string> = {
  VirtualService: 'networking.istio.io/v1, Kind=VirtualService',
  DestinationRule: 'networking.istio.io/v1, Kind=DestinationRule',
  Gateway: 'networking.istio.io/v1, Kind=Gateway',
  PeerAuthentication: 'security.istio.io/v1, Kind=PeerAuthentication',
  AuthorizationPolicy: 'security.istio.io/v1, Kind=AuthorizationPolicy',
};

/** The few of Kiali's validations that the stand-in knows, for the objects of a namespace. */
export function validationsOf(
  set: MeshObjects,
  namespace: string,
): ObjectValidation[] {
  return Object.entries(KINDS).flatMap(([kind, gvk]) =>
    set.inNamespace(kind, namespace).map(object => {
      const checks = checksOf(set, object);
      return {
        name: object.metadata.name,
        namespace,
        gvk,
        valid: !checks.some(({ severity }) => severity === 'error'),
        checks,
      };
    }),
  );
}

function checksOf(set: MeshObjects, object: KubeObject): Check[] {
  switch (object.kind) {
    case 'VirtualService':
      return virtualServiceChecks(set, object);
    case 'DestinationRule':
      return destinationRuleChecks(set, object);
    case 'PeerAuthentication':
    case 'AuthorizationPolicy':
      return selectorChecks(set, object);
    default:
      return [];
  }
}

function virtualServiceChecks(
  set: MeshObjects,
  { spec, metadata }: KubeObject,
): Check[] {
  const namespace = metadata.namespace ?? '';
  const checks: Check[] = [];
  (spec?.http ?? []).forEach((http: any, rule: number) => {
    const routes: any[] = http?.route ?? [];
    routes.forEach((route, index) => {
      const path = `spec/http[${rule}]/route[${index}]`;
      const { host = '', subset } = route?.destination ?? {};
      const full = resolveHost(host, namespace, set.meshConfig.domain);
      if (!serviceOfHost(set, full)) {
        checks.push({
          code: 'KIA1101',
          severity: 'error',
          message: `No Service answers to the host ${host}.`,
          path: `${path}/destination/host`,
        });
      } else if (subset !== undefined && !subsetOf(set, full, subset)) {
        checks.push({
          code: 'KIA1107',
          severity: 'warning',
          message: `No DestinationRule defines the subset ${subset}.`,
          path: `${path}/destination/subset`,
        });
      }
      if (routes.length === 1 && route?.weight !== undefined) {
        checks.push({
          code: 'KIA1104',
          severity: 'warning',
          message: 'The only destination gets everything, whatever its weight.',
          path: `${path}/weight`,
        });
      }
    });
  });
  return checks;
}

function subsetOf(
  set: MeshObjects,
  host: string,
  name: string,
): Record<string, string> | undefined {
  return set
    .all('DestinationRule')
    .filter(
      rule =>
        resolveHost(
          rule.spec?.host ?? '',
          rule.metadata.namespace ?? '',
          set.meshConfig.domain,
        ) === host,
    )
    .flatMap(rule => rule.spec?.subsets ?? [])
    .find((subset: any) => subset?.name === name);
}

function destinationRuleChecks(
  set: MeshObjects,
  { spec, metadata }: KubeObject,
): Check[] {
  const host = resolveHost(
    spec?.host ?? '',
    metadata.namespace ?? '',
    set.meshConfig.domain,
  );
  const service = serviceOfHost(set, host);
  if (!service) {
    return host.startsWith('*')
      ? []
      : [
          {
            code: 'KIA0202',
            severity: 'error',
            message: `No Service answers to the host ${spec?.host}.`,
            path: 'spec/host',
          },
        ];
  }
  const behind = workloadsOf(
    set,
    service.metadata.namespace ?? '',
    service.metadata.name,
  );
  return (spec?.subsets ?? []).flatMap((subset: any, index: number): Check[] =>
    behind.some(workload => selects(subset?.labels ?? {}, workload.labels))
      ? []
      : [
          {
            code: 'KIA0203',
            severity: 'error',
            message: `No workload has the labels of the subset ${subset?.name}.`,
            path: `spec/subsets[${index}]`,
          },
        ],
  );
}

function selectorChecks(
  set: MeshObjects,
  { spec, metadata }: KubeObject,
): Check[] {
  const labels = spec?.selector?.matchLabels;
  return !labels ||
    workloadsIn(set, metadata.namespace ?? '').some(workload =>
      selects(labels, workload.labels),
    )
    ? []
    : [
        {
          code: 'KIA0004',
          severity: 'warning',
          message: 'The selector fits no workload of this namespace.',
          path: 'spec/selector/matchLabels',
        },
      ];
}

/** By kind, then by `name.namespace`, as Kiali's details have them. */
export function validationMap(
  validations: readonly ObjectValidation[],
): Record<string, Record<string, object>> {
  const result: Record<string, Record<string, object>> = {};
  for (const { gvk, name, namespace, valid, checks } of validations) {
    (result[gvk] ??= {})[`${name}.${namespace}`] = {
      name,
      namespace,
      cluster: 'Kubernetes',
      valid,
      checks,
      references: null,
    };
  }
  return result;
}
