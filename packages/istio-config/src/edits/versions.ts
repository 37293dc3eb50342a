import { describeRef, refOf } from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { serviceHost } from '../hosts/hosts';
import { destinationRulesFor, type Subset } from '../routes/destinationRules';
import { workloadsOf } from '../workloads/workloads';
import type { ObjectEdit } from './ChangePlan';
import { editHostRule } from './editHostPolicy';
import { EditRefused } from './EditRefused';
import type { ServiceName } from './editRule';

/** By Istio's convention, what tells the versions of an application apart. */
const LABEL = 'version';
const SUBSET_NAME = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/;

/**
 * The versions of a service that a rule can name: the subsets that DestinationRules define, then those that its pods have by the label
 * `version` and no subset takes yet.
 *
 * @public
 */
export function versionsOf(set: MeshObjects, service: ServiceName): string[] {
  const subsets = subsetsOf(set, service);
  return [
    ...subsets.map(({ name }) => name),
    ...undefinedVersions(set, service, subsets),
  ];
}

/** What has to be done before a rule can name a version. */
interface Definition {
  /** None where a DestinationRule defines it. */
  edits: ObjectEdit[];
  /** For people; empty where nothing has to be done. */
  remark: string;
}

/** @throws EditRefused where the service has no such version. */
export function definitionOf(
  set: MeshObjects,
  service: ServiceName,
  name: string,
): Definition {
  const subsets = subsetsOf(set, service);
  if (subsets.some(subset => subset.name === name)) {
    return { edits: [], remark: '' };
  }
  if (!undefinedVersions(set, service, subsets).includes(name)) {
    const names = subsets.map(subset => subset.name);
    throw new EditRefused(
      `There is no subset "${name.slice(0, 63)}"${
        names.length
          ? `; there are ${names.join(', ')}`
          : ': no DestinationRule defines versions'
      }.`,
    );
  }
  const edit = editHostRule(set, service, {
    prefers: rule => itemsOf(rule.spec?.subsets).length > 0,
    edit: rule => {
      const count = itemsOf(rule.spec?.subsets).length;
      const added = { name, labels: { [LABEL]: name } };
      return count > 0
        ? [{ at: ['spec', 'subsets', count], value: added }]
        : [{ at: ['spec', 'subsets'], value: [added] }];
    },
  });
  const rule = edit.action === 'create' ? edit.object : edit.before;
  return {
    edits: [edit],
    remark: ` Before that, ${describeRef(
      refOf(rule),
    )} gets the subset ${name}: the pods with the label ${LABEL}=${name}.`,
  };
}

function subsetsOf(
  set: MeshObjects,
  { namespace, service }: ServiceName,
): readonly Subset[] {
  const host = serviceHost(namespace, service, set.meshConfig.domain);
  return destinationRulesFor(set, host, {
    clientNamespace: namespace,
    serviceNamespace: namespace,
  }).subsets;
}

function undefinedVersions(
  set: MeshObjects,
  { namespace, service }: ServiceName,
  subsets: readonly Subset[],
): string[] {
  const labels = workloadsOf(set, namespace, service).flatMap(
    workload => workload.labels[LABEL] ?? [],
  );
  const isTaken = (version: string) =>
    subsets.some(
      subset => subset.name === version || subset.labels[LABEL] === version,
    );
  return [...new Set(labels)]
    .filter(version => SUBSET_NAME.test(version) && !isTaken(version))
    .sort();
}
