import { fieldOperations } from '../../edits/setFields';
import { isSameJson } from '../../edits/isSameJson';
import { patched } from '../../edits/PatchOperation';
import type { KubeObject } from '../../kube/KubeObject';
import { placeOf } from '../../kube/place';
import type { MeshObjects } from '../../MeshObjects';
import { mergedRules, trafficPolicyFor } from '../../routes/destinationRules';
import type { Edit, Mend } from '../Mend';
import { tlsClashes, type TlsClash } from './tlsClashes';
import { tlsScope } from './tlsScope';
import { withoutTls } from './withoutTls';

/** What a rule tells all who call a service, some of them, or on some port. */
interface Told {
  rule: KubeObject;
  service: KubeObject;
  /** Of the `tls` that clashes. */
  path: string;
}

/**
 * How callers come to send what the service takes: without this `tls`, and without what would hold then and clash, too. Where other settings
 * would come to hold on a port then, or nothing chooses instead, by another mode.
 */
export function tlsMend(set: MeshObjects, told: Told): Mend | undefined {
  const { enableAutoMtls } = set.meshConfig;
  return (
    (enableAutoMtls ? removalMend(set, told) : undefined) ?? modeMend(set, told)
  );
}

function removalMend(
  set: MeshObjects,
  { rule, service, path }: Told,
): Mend | undefined {
  const others = clashesElsewhere(set, { rule, service, path });
  const edits: Edit[] = [];
  const places: string[] = [];
  let current = rule;
  let next: string | undefined = path;
  while (next !== undefined) {
    const edit = withoutTls(current, placeOf(next));
    const after = changedBy(current, edit);
    if (bringsSettings(current, after, tlsScope(current, next).port)) {
      return undefined;
    }
    edits.push(edit);
    places.push(policyNamed(current, next));
    current = after;
    next = tlsClashes(set, current, service).find(
      clash => !others.has(callOf(clash)),
    )?.path;
  }
  const { policy } = trafficPolicyFor(
    mergedRules([current]),
    tlsScope(rule, path),
  );
  return {
    does: `Removes tls from ${places.join(' and ')}: callers of ${
      service.metadata.name
    } send what it takes, ${
      policy.tls ? 'as the rest of the rule says' : 'by automatic mTLS'
    }.`,
    edits,
  };
}

function modeMend(set: MeshObjects, told: Told): Mend | undefined {
  const { rule, service, path } = told;
  const others = clashesElsewhere(set, told);
  for (const mode of ['ISTIO_MUTUAL', 'DISABLE']) {
    const edit = { at: placeOf(path), value: { mode } };
    const left = tlsClashes(set, changedBy(rule, edit), service);
    if (left.every(clash => others.has(callOf(clash)))) {
      return {
        does: `tls.mode of ${policyNamed(rule, path)} becomes ${mode}, which ${
          service.metadata.name
        } takes.`,
        edits: [edit],
      };
    }
  }
  return undefined;
}

/** What clashes by other places of the rule: each has a finding and a mend of its own. */
function clashesElsewhere(
  set: MeshObjects,
  { rule, service, path }: Told,
): ReadonlySet<string> {
  return new Set(
    tlsClashes(set, rule, service)
      .filter(clash => clash.path !== path)
      .map(callOf),
  );
}

function callOf({ subset, port, workload }: TlsClash): string {
  return JSON.stringify([subset, port, workload]);
}

function changedBy(rule: KubeObject, edit: Edit): KubeObject {
  return patched(rule, fieldOperations(rule, [edit]));
}

/** Whether other settings than `tls` hold on a port, once it has none of its own. */
function bringsSettings(
  before: KubeObject,
  after: KubeObject,
  port: number | undefined,
): boolean {
  const [then, now] = [before, after].map(rule => {
    const policy = mergedRules([rule]);
    return [undefined, ...policy.subsets].map(subset => {
      const call = { subset: subset?.name, port };
      return { ...trafficPolicyFor(policy, call).policy, tls: undefined };
    });
  });
  return port !== undefined && !isSameJson(then, now);
}

function policyNamed(rule: KubeObject, path: string): string {
  const { subset, port } = tlsScope(rule, path);
  const ofSubset = subset === undefined ? undefined : `subset ${subset}`;
  const ofPort = port === undefined ? undefined : `port ${port}`;
  return (
    [ofPort, ofSubset].filter(Boolean).join(' of ') || 'the traffic policy'
  );
}
