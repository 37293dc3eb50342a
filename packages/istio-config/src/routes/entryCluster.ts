import { KubeObject, namespaceOf } from '../kube/KubeObject';
import type { MeshObjects } from '../MeshObjects';
import { portsLedTo } from './hasCluster';
import {
  entriesNamed,
  exportedEntries,
  importedEntries,
  isEntryExported,
  oldestOfNamespaces,
  onPorts,
  broughtBy,
} from './importedEntries';
import { mergedEntries } from './mergedEntries';
import { portNumbers } from './portProtocol';
import {
  type EgressListener,
  EVERYTHING,
  sidecarScopeOf,
} from './sidecarScope';
import type { RequestOrigin } from './types';
import { viewerOf } from './viewerOf';

type MeshOrigin = Extract<RequestOrigin, { type: 'mesh' }>;

/**
 * What a proxy sends to where a rule leads to a name that ServiceEntries have: the first of those that the listeners of its Sidecar
 * bring, one after the other, each before what the rules that it brings lead to; with the ports of the others that are alike. To
 * a gateway it is the first that its namespace sees. Undefined where the proxy has no such cluster.
 * Source: istio pilot/pkg/model/sidecar.go, collectImportedServices and DefaultSidecarScopeForGateway.
 */
export function entryClusterOf(
  set: MeshObjects,
  name: string,
  from: RequestOrigin,
): KubeObject | undefined {
  const found =
    from.type === 'gateway'
      ? exportedEntries(set, name, viewerOf(set, from).namespace)
      : sidecarScopeOf(set, from).egress.flatMap(listener => [
          ...importedEntries(set, name, from.namespace, listener).map(entry =>
            broughtBy(listener, entry),
          ),
          ...entriesLedTo(set, name, from, listener),
        ]);
  return found.length > 0 ? mergedEntries(found) : undefined;
}

/**
 * The port to which a gateway sends the requests of a VirtualService's rule that names none, where it goes by the ServiceEntry in the
 * rule's own namespace, and that says another one than its cluster would: its only one, or else the port that is asked.
 * Source: istio pilot/pkg/networking/core/gateway.go, buildNameToServiceMapForHTTPRoutes.
 */
export function portBesideRule(
  set: MeshObjects,
  name: string,
  from: RequestOrigin,
  { namespace, asked }: { namespace: string; asked: number | undefined },
): number | undefined {
  if (from.type !== 'gateway') {
    return undefined;
  }
  const [beside] = entriesNamed(set, name).filter(
    entry => namespaceOf(entry) === namespace,
  );
  if (!beside || !isEntryExported(set, beside, viewerOf(set, from).namespace)) {
    return undefined;
  }
  const said = onlyPort(beside) ?? asked;
  return said === (onlyPort(entryClusterOf(set, name, from)) ?? asked)
    ? undefined
    : said;
}

function onlyPort(entry: KubeObject | undefined): number | undefined {
  const ports = portNumbers(entry);
  return ports.length === 1 ? ports[0] : undefined;
}

/** Why a proxy has no cluster for a name, or for a port of it, where it would have one without its Sidecar. */
export function whyLeftOut(
  set: MeshObjects,
  name: string,
  from: RequestOrigin,
  port: number | undefined,
): string | undefined {
  if (from.type === 'gateway' || !sidecarScopeOf(set, from).sidecar) {
    return undefined;
  }
  const found = importedEntries(set, name, from.namespace, EVERYTHING);
  const isThere =
    found.length > 0 &&
    (port === undefined || portNumbers(mergedEntries(found)).includes(port));
  const what = port === undefined ? name : `port ${port} of ${name}`;
  return isThere ? `the Sidecar of the caller leaves out ${what}` : undefined;
}

/** The ServiceEntry that VirtualServices of a listener lead to, for each of them with the ports that it names. */
function entriesLedTo(
  set: MeshObjects,
  name: string,
  { namespace }: MeshOrigin,
  listener: EgressListener,
): KubeObject[] {
  const candidates = oldestOfNamespaces(entriesNamed(set, name));
  const entry =
    candidates.find(one => namespaceOf(one) === namespace) ??
    candidates.find(one => isEntryExported(set, one, namespace));
  if (!entry) {
    return [];
  }
  const all = portNumbers(entry);
  return portsLedTo(set, name, namespace, listener)
    .map(named =>
      onPorts(entry, listener.port ? [listener.port] : named ?? all),
    )
    .filter(trimmed => portNumbers(trimmed).length > 0);
}
