import type { Edit } from '../findings/Mend';
import { describeRef, type KubeObject, refOf } from '../kube/KubeObject';
import type { Place } from '../kube/place';
import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { serviceHost } from '../hosts/hosts';
import { destinationRulesFor } from '../routes/destinationRules';
import type { ObjectEdit } from './ChangePlan';
import { EditRefused } from './EditRefused';
import type { ServiceName } from './editRule';
import { patched } from './PatchOperation';
import { fieldOperations, setFields } from './setFields';

const AT: Place = ['spec', 'trafficPolicy'];

/**
 * Edits the traffic policy of a service's host, where the one in force is written; where there is no DestinationRule, makes one.
 *
 * @throws EditRefused as {@link editHostRule} does.
 */
export function editHostPolicy(
  set: MeshObjects,
  service: ServiceName,
  edit: (policy: Record<string, any>, at: Place) => readonly Edit[],
): ObjectEdit {
  return editHostRule(set, service, {
    // Of rules that are merged, the first with a traffic policy has the word.
    prefers: ({ spec }) => Boolean(spec?.trafficPolicy),
    edit: ({ spec }) => edit(spec?.trafficPolicy ?? {}, AT),
  });
}

/**
 * Edits the DestinationRule of a service's host; where there is none, makes one.
 *
 * @throws EditRefused where another namespace's rule is in force: one of its own would put all of it out of force.
 */
export function editHostRule(
  set: MeshObjects,
  { namespace, service }: ServiceName,
  {
    prefers,
    edit,
  }: {
    /** Which of several that are merged. */
    prefers: (rule: KubeObject) => boolean;
    edit: (rule: KubeObject) => readonly Edit[];
  },
): ObjectEdit {
  const host = serviceHost(namespace, service, set.meshConfig.domain);
  const { rules } = destinationRulesFor(set, host, {
    clientNamespace: namespace,
    serviceNamespace: namespace,
  });
  const [first] = rules;
  if (!first) {
    const object = newRule({ namespace, service }, host, set);
    const operations = fieldOperations(object, edit(object));
    return { action: 'create', object: patched(object, operations) };
  }
  const written = rules.find(prefers) ?? first;
  if (written.metadata.namespace !== namespace) {
    throw new EditRefused(
      `${describeRef(
        refOf(written),
      )} decides over ${service}, and a DestinationRule in ${namespace} would put all of it out of force. Change it where it is.`,
    );
  }
  requireOwnHost(written, host);
  return setFields(written, edit(written));
}

/** A wildcard is for other services, too. */
function requireOwnHost(rule: KubeObject, host: string): void {
  const named = String(rule.spec?.host);
  if (named.includes('*')) {
    throw new EditRefused(
      `${describeRef(
        refOf(rule),
      )} is for all of ${named}, not for ${host} alone. Change it together with who owns the other services.`,
    );
  }
}

function newRule(
  { namespace, service }: ServiceName,
  host: string,
  set: MeshObjects,
): KubeObject {
  const taken = set.get('DestinationRule', namespace, service);
  if (taken) {
    throw new EditRefused(
      `DestinationRule ${namespace}/${service} is there, and is for ${taken.spec?.host}: rename it, or correct its host.`,
    );
  }
  return {
    apiVersion: 'networking.istio.io/v1',
    kind: 'DestinationRule',
    metadata: { namespace, name: service },
    spec: { host },
  };
}

/** Why what is set may not be all: ports with settings of their own go by these alone. */
export function portsApart(policy: Record<string, any>): string {
  const ports = itemsOf(policy.portLevelSettings).map(
    settings => settings?.port?.number,
  );
  return ports.length === 0
    ? ''
    : ` Port ${ports.join(', ')} has settings of its own and keeps them.`;
}
