import { defineHostIndex } from '../hosts/hostIndex';
import {
  hostCovers,
  hostSpecificity,
  isExportedTo,
  serviceOfHost,
} from '../hosts/hosts';
import { oldestFirst } from '../kube/age';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { fieldsOf, isMap, itemsOf, textsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { portNumbers } from './portProtocol';
import { hostsOf } from './virtualServices';

/** What stands behind a host in the mesh's registry. */
export interface MeshHost {
  /** A Service or a ServiceEntry. */
  object: KubeObject;
  /** Whether the caller's namespace sees it. */
  isExported: boolean;
}

/** The ServiceEntries one of whose hosts covers a host. */
const entriesNaming = defineHostIndex('ServiceEntry', hostsOf);

/**
 * The Service or ServiceEntry with a host; of several ServiceEntries one that the caller sees, the most exact, then the
 * caller's own, then the oldest. Source: istio pilot/pkg/model/sidecar.go, selectServices.
 */
export function meshHostOf(
  set: MeshObjects,
  host: string,
  clientNamespace: string,
): MeshHost | undefined {
  const service = serviceOfHost(set, host);
  if (service) {
    return {
      object: service,
      isExported: isServiceExported(set, service, clientNamespace),
    };
  }
  const candidates = oldestFirst(entriesNaming(set, host))
    .map(object => ({
      object,
      isExported: isExportedTo(
        object,
        clientNamespace,
        set.meshConfig.defaultServiceExportTo,
      ),
      specificity: Math.max(
        ...hostsOf(set, object)
          .filter(pattern => hostCovers(pattern, host))
          .map(hostSpecificity),
      ),
      isOwn: namespaceOf(object) === clientNamespace,
    }))
    .sort(
      (a, b) =>
        Number(b.isExported) - Number(a.isExported) ||
        b.specificity - a.specificity ||
        Number(b.isOwn) - Number(a.isOwn),
    );
  const [best] = candidates;
  if (!best) {
    return undefined;
  }
  const beside = candidates
    .filter(
      ({ object, isExported, specificity }) =>
        namespaceOf(object) === namespaceOf(best.object) &&
        isExported === best.isExported &&
        specificity === best.specificity,
    )
    .map(({ object }) => object);
  return { object: merged(beside), isExported: best.isExported };
}

/**
 * The first of several ServiceEntries that one namespace has for a host, with the ports of the others that are of its kind.
 * Source: istio pilot/pkg/model/sidecar.go, appendSidecarServices.
 */
function merged([first, ...others]: readonly KubeObject[]): KubeObject {
  const known = new Set(portNumbers(first));
  const more = others
    .filter(other => kindOfEntry(other) === kindOfEntry(first))
    .flatMap(({ spec }) => itemsOf(spec?.ports))
    .filter(port => {
      const isNew = isMap(port) && !known.has(Number(port.number));
      if (isNew) {
        known.add(Number(port.number));
      }
      return isNew;
    });
  return more.length === 0
    ? first
    : {
        ...first,
        spec: {
          ...first.spec,
          ports: [...itemsOf(first.spec?.ports), ...more],
        },
      };
}

/** What must be the same in two of them. */
function kindOfEntry({ metadata, spec }: KubeObject): string {
  const sorted = (labels: unknown) =>
    fieldsOf(labels)
      .map(([key, value]) => `${key}=${value}`)
      .sort();
  return JSON.stringify([
    spec?.resolution ?? 'NONE',
    textsOf(spec?.exportTo).sort(),
    sorted(metadata.labels),
    sorted(spec?.workloadSelector?.labels),
  ]);
}

/** A Service is seen everywhere but for what its annotation says. */
export function isServiceExported(
  set: MeshObjects,
  service: KubeObject,
  clientNamespace: string,
): boolean {
  const written: unknown =
    service.metadata.annotations?.['networking.istio.io/exportTo'];
  const exportTo =
    typeof written === 'string' && written
      ? written.split(',').map(scope => scope.trim())
      : [];
  return isExportedTo(
    { ...service, spec: { exportTo } },
    clientNamespace,
    set.meshConfig.defaultServiceExportTo,
  );
}
