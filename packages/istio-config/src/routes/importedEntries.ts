import { defineHostIndex } from '../hosts/hostIndex';
import { isExportedTo } from '../hosts/hosts';
import { oldestFirst } from '../kube/age';
import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { isMap, itemsOf, textsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { isNamedBy } from './entryEndpoints';
import { portNumbers } from './portProtocol';
import { type EgressListener, importsHost, isExact } from './sidecarScope';
import { hostsOf } from './virtualServices';

/** The ServiceEntries one of whose hosts covers a host. */
export const entriesNaming = defineHostIndex('ServiceEntry', hostsOf);

/**
 * The ServiceEntries that have a host under just this name, the oldest first. Of one second they go by namespace, since istiod calls
 * all of them by the host. Source: istio pilot/pkg/model/push_context.go, SortServicesByCreationTime.
 */
export function entriesNamed(set: MeshObjects, name: string): KubeObject[] {
  const named = entriesNaming(set, name).filter(entry =>
    isNamedBy(set, entry, name),
  );
  return oldestFirst(named, () => name);
}

/**
 * The ServiceEntries of one name that a caller's proxy knows by a listener: those of one namespace, the caller's own if it imports
 * one of it, else that of the first. Where the listener names hosts and namespaces alone, the oldest of each namespace is all there is.
 * Source: istio pilot/pkg/model/sidecar.go, selectServices and servicesForExactHosts.
 */
export function importedEntries(
  set: MeshObjects,
  name: string,
  clientNamespace: string,
  listener: EgressListener,
): KubeObject[] {
  const named = entriesNamed(set, name);
  const isSeen = (entry: KubeObject) =>
    isEntryExported(set, entry, clientNamespace);
  const found = isExact(listener)
    ? oldestOfNamespaces(named).filter(isSeen)
    : byExport(set, named.filter(isSeen));
  const imported = found.filter(
    entry =>
      importsHost(listener, { host: name, namespace: namespaceOf(entry) }) &&
      (listener.port === undefined ||
        portNumbers(entry).includes(listener.port)),
  );
  const [chosen] = [
    ...imported.filter(entry => namespaceOf(entry) === clientNamespace),
    ...imported,
  ];
  return imported.filter(entry => namespaceOf(entry) === namespaceOf(chosen));
}

/** Those that a namespace sees: those for somebody by name, then those for everybody. */
export function exportedEntries(
  set: MeshObjects,
  name: string,
  clientNamespace: string,
): KubeObject[] {
  return byExport(
    set,
    entriesNamed(set, name).filter(entry =>
      isEntryExported(set, entry, clientNamespace),
    ),
  );
}

/** The oldest of each namespace. */
export function oldestOfNamespaces(
  oldest: readonly KubeObject[],
): KubeObject[] {
  const seen = new Set<string>();
  return oldest.filter(entry => {
    const isFirst = !seen.has(namespaceOf(entry));
    seen.add(namespaceOf(entry));
    return isFirst;
  });
}

/** A ServiceEntry as a listener brings it: one with a port of its own brings that alone. */
export function broughtBy(
  { port }: EgressListener,
  entry: KubeObject,
): KubeObject {
  return port === undefined ? entry : onPorts(entry, [port]);
}

/** A ServiceEntry with some of its ports alone. */
export function onPorts(
  entry: KubeObject,
  ports: readonly number[],
): KubeObject {
  const written = itemsOf(entry.spec?.ports);
  const kept = written.filter(
    port => isMap(port) && ports.includes(Number(port.number)),
  );
  return kept.length === written.length
    ? entry
    : { ...entry, spec: { ...entry.spec, ports: kept } };
}

export function isEntryExported(
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

function byExport(
  set: MeshObjects,
  oldest: readonly KubeObject[],
): KubeObject[] {
  return [...oldest].sort(
    (a, b) => Number(isForEverybody(set, a)) - Number(isForEverybody(set, b)),
  );
}

function isForEverybody(set: MeshObjects, { spec }: KubeObject): boolean {
  const exportTo = textsOf(spec?.exportTo);
  const scopes =
    exportTo.length > 0 ? exportTo : set.meshConfig.defaultServiceExportTo;
  return scopes.includes('*');
}
