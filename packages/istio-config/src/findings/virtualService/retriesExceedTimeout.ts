import {
  describeDuration,
  formatDuration,
  parseDurationMs,
} from '../../kube/duration';
import type { KubeObject } from '../../kube/KubeObject';
import { itemsOf } from '../../kube/reading';
import { defineFinding, FindingDraft } from '../Finding';

const SOURCE =
  'istio: pilot/pkg/networking/core/route/retry/retry.go: attempts become Envoy’s num_retries, which does not count the first try; the route’s timeout spans all tries';

/** The retries of a rule alone take longer than the rule's timeout: the last of them never happen. */
export const retriesExceedTimeout = defineFinding({
  code: 'MD0108',
  level: 'warning',
  inputs: ['VirtualService'],
  source: SOURCE,
  *find({ VirtualService: services }) {
    for (const budget of services.flatMap(budgets)) {
      if (budget.eachMs * budget.attempts > budget.timeoutMs) {
        yield toFinding(budget);
      }
    }
  },
});

/** The retries fill the timeout exactly, as if the first try took no time. */
export const firstTryForgotten = defineFinding({
  code: 'MD0126',
  level: 'info',
  // It shows only where every try takes its full time.
  detail: true,
  inputs: ['VirtualService'],
  source: SOURCE,
  *find({ VirtualService: services }) {
    for (const budget of services.flatMap(budgets)) {
      const { eachMs, attempts, timeoutMs } = budget;
      if (
        eachMs * attempts <= timeoutMs &&
        eachMs * (attempts + 1) > timeoutMs
      ) {
        yield toFinding(budget);
      }
    }
  },
});

interface RetryBudget {
  resource: KubeObject;
  index: number;
  attempts: number;
  eachMs: number;
  timeoutMs: number;
}

/** The rules that limit both each try and all of them. */
function budgets(resource: KubeObject): RetryBudget[] {
  return itemsOf(resource.spec?.http).flatMap((rule, index) => {
    const timeoutMs = parseDurationMs(rule?.timeout);
    const eachMs = parseDurationMs(rule?.retries?.perTryTimeout);
    const attempts = Number(rule?.retries?.attempts);
    return timeoutMs && eachMs && attempts > 0
      ? [{ resource, index, attempts, eachMs, timeoutMs }]
      : [];
  });
}

function toFinding({
  resource,
  index,
  attempts,
  eachMs,
  timeoutMs,
}: RetryBudget): FindingDraft {
  const neededMs = eachMs * (attempts + 1);
  const needed = formatDuration(neededMs);
  return {
    resource,
    path: `spec.http[${index}].retries`,
    message: `The first try and ${attempts} ${
      attempts === 1 ? 'retry' : 'retries'
    } of ${describeDuration(eachMs)} each need ${describeDuration(
      neededMs,
    )}, but rule ${index + 1} ends after ${describeDuration(
      timeoutMs,
    )}: the last ${attempts === 1 ? 'one' : 'of them'} never happens.`,
    fix: `Set timeout to ${needed} or more, or shorten perTryTimeout or attempts.`,
    mend: {
      does: `Rule ${index + 1} ends after ${describeDuration(
        neededMs,
      )} instead of ${describeDuration(
        timeoutMs,
      )}, so that every retry has its time.`,
      edits: [{ at: ['spec', 'http', index, 'timeout'], value: needed }],
    },
  };
}
