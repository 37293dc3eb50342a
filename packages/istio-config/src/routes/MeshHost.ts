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
 * The Service or ServiceEntry with a host, on a port where one is asked. Of several ServiceEntries one that the caller sees, the
 * most exact of those that have the port. Of one name those of one namespace count: the caller's own, else that of the first
 * which is exported to the caller by name, else that of the oldest.
 * Sources: istio pilot/pkg/model/sidecar.go, selectServices; push_context.go, servicesExportedToNamespace.
 */
export function meshHostOf(
  set: MeshObjects,
  host: string,
  clientNamespace: string,
  port?: number,
): MeshHost | undefined {
  const service = serviceOfHost(set, host);
  if (service) {
    return {
      object: service,
      isExported: isServiceExported(set, service, clientNamespace),
    };
  }
  const named = entriesByName(set, host);
  const seen = named
    .map(entries =>
      inOneNamespace(
        set,
        entries.filter(entry => isEntryExported(set, entry, clientNamespace)),
        clientNamespace,
      ),
    )
    .filter(entries => entries.length > 0);
  const asked = seen.flatMap(entries =>
    [merged(entries), ...entries].filter(
      entry => port === undefined || portNumbers(entry).includes(port),
    ),
  )[0];
  if (asked ?? seen[0]) {
    return { object: asked ?? merged(seen[0]), isExported: true };
  }
  const hidden = inOneNamespace(set, named[0] ?? [], clientNamespace);
  return hidden.length > 0
    ? { object: merged(hidden), isExported: false }
    : undefined;
}

/** Whether a ServiceEntry is among those that count for one of its names, since they are of the namespace that does. */
export function isChosenEntry(
  set: MeshObjects,
  entry: KubeObject,
  name: string,
  clientNamespace: string,
): boolean {
  const wanted = name.toLowerCase();
  const entries = oldestFirst(entriesNaming(set, name)).filter(
    other =>
      isEntryExported(set, other, clientNamespace) &&
      hostsOf(set, other).some(host => host.toLowerCase() === wanted),
  );
  const [chosen] = inOneNamespace(set, entries, clientNamespace);
  return (
    chosen !== undefined &&
    namespaceOf(chosen) === namespaceOf(entry) &&
    isEntryExported(set, entry, clientNamespace)
  );
}

/** The ServiceEntries that cover a host, those with one name together, the most exact name first. */
function entriesByName(set: MeshObjects, host: string): KubeObject[][] {
  const byName = new Map<string, KubeObject[]>();
  for (const entry of oldestFirst(entriesNaming(set, host))) {
    const names = hostsOf(set, entry)
      .filter(pattern => hostCovers(pattern, host))
      .map(pattern => pattern.toLowerCase());
    for (const name of new Set(names)) {
      byName.set(name, [...(byName.get(name) ?? []), entry]);
    }
  }
  return [...byName]
    .sort(([a], [b]) => hostSpecificity(b) - hostSpecificity(a))
    .map(([, entries]) => entries);
}

/** Those of the namespace that counts, those for somebody by name before those for everybody. */
function inOneNamespace(
  set: MeshObjects,
  entries: readonly KubeObject[],
  clientNamespace: string,
): KubeObject[] {
  const ordered = [...entries].sort(
    (a, b) => Number(isForEverybody(set, a)) - Number(isForEverybody(set, b)),
  );
  const [chosen] = [
    ...ordered.filter(entry => namespaceOf(entry) === clientNamespace),
    ...ordered,
  ];
  return ordered.filter(entry => namespaceOf(entry) === namespaceOf(chosen));
}

function isEntryExported(
  set: MeshObjects,
  entry: KubeObject,
  clientNamespace: string,
): boolean {
  return isExportedTo(
    entry,
    clientNamespace,
    set.meshConfig.defaultServiceExportTo,
  );
}

function isForEverybody(set: MeshObjects, { spec }: KubeObject): boolean {
  const exportTo = textsOf(spec?.exportTo);
  const scopes =
    exportTo.length > 0 ? exportTo : set.meshConfig.defaultServiceExportTo;
  return scopes.includes('*');
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
