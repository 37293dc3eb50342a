import { withoutTls } from '../findings/destinationRule/withoutTls';
import type { Edit } from '../findings/Mend';
import { describeRef, type KubeObject, refOf } from '../kube/KubeObject';
import type { Place } from '../kube/place';
import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { serviceHost } from '../hosts/hosts';
import { destinationRulesFor } from '../routes/destinationRules';
import type { ObjectEdit } from './ChangePlan';
import type { ServiceName } from './editRule';
import { setFields } from './setFields';

/** What callers must not be told to send, where the pods take something else only. */
const CONTRARY: Readonly<Record<string, string>> = {
  STRICT: 'DISABLE',
  DISABLE: 'ISTIO_MUTUAL',
};

/**
 * What a service's own DestinationRules tell callers to send against a mode of its pods, taken away: then callers send what the pods take.
 * Settings of single ports, and rules that are also for others, stay.
 */
export function withoutContraryTls(
  set: MeshObjects,
  { namespace, service }: ServiceName,
  mode: string,
): { edits: ObjectEdit[]; remark: string } {
  const contrary = CONTRARY[mode];
  const host = serviceHost(namespace, service, set.meshConfig.domain);
  const { rules } = destinationRulesFor(set, host, {
    clientNamespace: namespace,
    serviceNamespace: namespace,
  });
  const edits = rules
    .filter(
      ({ metadata, spec }) =>
        metadata.namespace === namespace && !String(spec?.host).includes('*'),
    )
    .map(rule => setFields(rule, takenAway(rule, contrary)))
    .filter(({ operations }) => operations.length > 0);
  const names = edits.map(({ before }) => describeRef(refOf(before)));
  return {
    edits,
    remark:
      names.length > 0
        ? ` Before that, ${names.join(
            ' and ',
          )} stops telling callers to send tls.mode ${contrary}: they send what the pods take.`
        : '',
  };
}

function takenAway(rule: KubeObject, contrary: string | undefined): Edit[] {
  const policies: [Place, any][] = [
    [['spec', 'trafficPolicy'], rule.spec?.trafficPolicy],
    ...itemsOf(rule.spec?.subsets).map((subset, index): [Place, any] => [
      ['spec', 'subsets', index, 'trafficPolicy'],
      subset?.trafficPolicy,
    ]),
  ];
  return policies
    .filter(
      ([, policy]) => contrary !== undefined && policy?.tls?.mode === contrary,
    )
    .map(([at]) => withoutTls(rule, [...at, 'tls']));
}
