import { describeRef, type KubeObject, refOf } from '../kube/KubeObject';
import { itemsOf } from '../kube/reading';
import { selects } from '../kube/selectors';
import type { MeshObjects } from '../MeshObjects';
import { workloadsOf } from '../workloads/workloads';
import type { ChangePlan, ObjectEdit } from './ChangePlan';
import { EditRefused } from './EditRefused';
import type { ServiceName } from './editRule';
import { isSameJson } from './isSameJson';
import { setFields } from './setFields';

/** @public */
export interface SamplingAnswers {
  /** Of requests, to two places. */
  percent: number;
}

/**
 * Sets how many of a service's requests are traced.
 *
 * @throws EditRefused
 * @public
 */
export function planSampling(
  set: MeshObjects,
  service: ServiceName,
  { percent }: SamplingAnswers,
): ChangePlan {
  const hasTwoPlaces = percent === Number(percent.toFixed(2));
  if (!(percent >= 0 && percent <= 100 && hasTwoPlaces)) {
    throw new EditRefused(
      `The share of traced requests is ${percent} %; expected from 0 to 100, to two places.`,
    );
  }
  return {
    edits: [edited(set, service, percent)],
    sentence: `${percent} % of the requests that start at ${service.service} are traced; those that come with a decision keep it.`,
  };
}

function edited(
  set: MeshObjects,
  { namespace, service }: ServiceName,
  percent: number,
): ObjectEdit {
  const workloads = workloadsOf(set, namespace, service);
  const selector = set.get('Service', namespace, service)?.spec?.selector;
  if (workloads.length === 0 || !selector) {
    throw new EditRefused(
      `${service} has no pods, so there is nothing that could be traced.`,
    );
  }
  const matchLabels = { ...selector };
  const [own, ...others] = set
    .inNamespace('Telemetry', namespace)
    .filter(({ spec }) => {
      const labels = spec?.selector?.matchLabels;
      return labels && workloads.some(one => selects(labels, one.labels));
    });
  if (!own) {
    return {
      action: 'create',
      object: newTelemetry(set, { namespace, service }, matchLabels, percent),
    };
  }
  if (others.length > 0 || !isSameJson(own.spec.selector, { matchLabels })) {
    throw new EditRefused(
      `${describeRef(
        refOf(own),
      )} is not for exactly the pods of ${service}. Edit its YAML.`,
    );
  }
  return itemsOf(own.spec.tracing).length === 0
    ? setFields(own, [
        {
          at: ['spec', 'tracing'],
          value: [{ randomSamplingPercentage: percent }],
        },
      ])
    : setFields(own, [
        {
          at: ['spec', 'tracing', 0, 'randomSamplingPercentage'],
          value: percent,
        },
      ]);
}

function newTelemetry(
  set: MeshObjects,
  { namespace, service }: ServiceName,
  matchLabels: Record<string, string>,
  percent: number,
): KubeObject {
  if (set.get('Telemetry', namespace, service)) {
    throw new EditRefused(
      `Telemetry ${namespace}/${service} is there and is for other pods: rename it, or edit its YAML.`,
    );
  }
  return {
    apiVersion: 'telemetry.istio.io/v1',
    kind: 'Telemetry',
    metadata: { namespace, name: service },
    spec: {
      selector: { matchLabels },
      tracing: [{ randomSamplingPercentage: percent }],
    },
  };
}
