import {
  describeRef,
  type KubeObjectRef,
  ownField,
} from '@meshdeck/istio-config';
import type {
  CanaryRule,
  CanaryVersion,
  SourceStatus,
  Verdict,
} from '@meshdeck/plugin-mesh-common';
import { percent, verdict } from '../facts/verdicts';
import { listed, requestsOf } from '../health/words';

/** The first sentence of the tab where nobody but people moves the weights. */
export function handVerdict(
  source: SourceStatus,
  versions: CanaryVersion[],
  facts: {
    object?: KubeObjectRef;
    rules: readonly CanaryRule[];
    /** Subsets that get requests and are not defined. */
    missing?: readonly string[];
  },
): Verdict {
  if (source.status === 'down') {
    return verdict('unknown', source.message ?? 'The cluster cannot be read.');
  }
  const { object, rules, missing = [] } = facts;
  if (missing.length > 0) {
    return verdict(
      'error',
      `Requests are sent to ${listed(
        missing,
      )}, which no DestinationRule defines: 503. Define it again, or send them elsewhere.`,
      'routes',
    );
  }
  const isGatewayApi = object && object.kind !== 'VirtualService';
  if (versions.length < 2 && !isGatewayApi) {
    return verdict(
      'ok',
      'There is one version only. For a canary, give the DestinationRule a second subset and deploy pods for it.',
    );
  }
  if (isGatewayApi && rules.length === 0) {
    return verdict(
      'ok',
      `No rule of ${describeRef(
        object,
      )} divides its requests between Services. For a canary, name a second Service as a backend of a rule and give both weights.`,
    );
  }
  if (!object || rules.length === 0) {
    return verdict(
      'ok',
      object
        ? 'No rule of the VirtualService names a subset, so requests are not split between versions.'
        : 'No VirtualService splits requests between the versions: they go to all pods alike.',
    );
  }
  return splitVerdict(versions, rules);
}

/** What the rules make of the versions: those without pods first, then those that fail more often than others. */
function splitVerdict(
  versions: CanaryVersion[],
  rules: readonly CanaryRule[],
): Verdict {
  const reached = versions.filter(({ subset }) =>
    rules.some(({ weights }) => ownField(weights, subset) > 0),
  );
  const empty = reached.find(({ readyPods }) => readyPods === 0);
  if (empty) {
    const rule = rules.find(
      ({ weights }) => ownField(weights, empty.subset) > 0,
    );
    return verdict(
      'error',
      `${requestsOf(
        (rule?.weights[empty.subset] ?? 0) / 100,
        rule?.requests ?? ['everything'],
      )} ${rule?.weights[empty.subset] === 100 ? 'goes' : 'go'} to ${
        empty.subset
      }, which has no ready pods: 503.`,
      'routes',
    );
  }
  const active = versions.filter(({ weight }) => weight > 0);
  const where = describeSplit(active, reached);
  const known = reached.filter(
    ({ errorShare }) => errorShare.value !== undefined,
  );
  const [best, ...rest] = [...known].sort(
    (a, b) => a.errorShare.value! - b.errorShare.value!,
  );
  const worst = rest.at(-1);
  if (worst && worst.errorShare.value! > best.errorShare.value! + 0.01) {
    return verdict(
      'warning',
      `${where}; ${worst.subset} fails more often: ${percent(
        worst.errorShare.value!,
      )} against ${percent(best.errorShare.value!)}.`,
    );
  }
  return fullVerdict(reached, where) ?? verdict('ok', `${where}.`);
}

/** Where a limit is near. */
function fullVerdict(
  versions: readonly CanaryVersion[],
  where: string,
): Verdict | undefined {
  for (const { subset, saturation } of versions) {
    const near = saturation.uses.find(({ nearlyFull }) => nearlyFull);
    if (near) {
      const resource = near.resource === 'cpu' ? 'CPU' : 'memory';
      return verdict(
        'warning',
        `${where}; ${subset} is nearly full: ${percent(
          near.share!,
        )} of the ${resource} limit of ${
          near.container
        }. Raise the limit or add pods before it gets more requests.`,
      );
    }
  }
  return undefined;
}

/** "canary gets 10 % beside stable"; where one gets everything, who else is reached by a rule of its own. */
function describeSplit(
  active: readonly CanaryVersion[],
  reached: readonly CanaryVersion[],
): string {
  if (active.length > 1) {
    // Of two alike the one that is named last: the first was there before.
    const [smallest, ...others] = [...active]
      .reverse()
      .sort((a, b) => a.weight - b.weight);
    return `${smallest.subset} gets ${smallest.weight} % beside ${others
      .map(({ subset }) => subset)
      .join(' and ')}`;
  }
  const aside = reached.filter(version => !active.includes(version));
  return aside.length
    ? `Requests go to ${active[0]?.subset ?? 'no version'}, to ${aside
        .map(({ subset }) => subset)
        .join(' and ')} only by a rule of its own`
    : `Everything goes to ${active[0]?.subset ?? 'no version'}`;
}
