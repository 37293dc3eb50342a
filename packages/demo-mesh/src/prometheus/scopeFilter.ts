import type { ScopeFilter } from '../traffic/Traffic';
import type { TrafficScope } from '../traffic/TrafficProfile';
import type { LabelMatcher } from './promql/expressions';
import { seriesMatcher } from './promql/matchSeries';

/** Where a namespace in this label can come from. */
const SIDES: Readonly<
  Record<string, (scope: TrafficScope) => readonly string[]>
> = {
  destination_service_namespace: ({ called }) => called,
  destination_workload_namespace: ({ called }) => [...called, 'unknown'],
  source_workload_namespace: ({ callers }) => [...callers, 'unknown'],
  namespace: ({ callers, called }) => [...callers, ...called],
};

const HOST_LABELS = ['destination_service', 'cluster_name'];

/** Tells from a selector which traffic can have series for it. */
export function scopeFilter(matchers: readonly LabelMatcher[]): ScopeFilter {
  const tests = matchers.flatMap(matcher => {
    if (HOST_LABELS.includes(matcher.label)) {
      return [hostTest(matcher)];
    }
    const namespacesOf = SIDES[matcher.label];
    const matches = seriesMatcher([matcher]);
    return namespacesOf
      ? [
          (scope: TrafficScope) =>
            namespacesOf(scope).some(namespace =>
              matches({ [matcher.label]: namespace }),
            ),
        ]
      : [];
  });
  return scope => tests.every(test => test(scope));
}

/** A host in a selector names its namespace, escaped or not. */
function hostTest({ operator, value }: LabelMatcher) {
  const [, namespace] =
    /([a-z0-9-]+)\.svc\b/.exec(value.replace(/\\/g, '')) ?? [];
  return ({ called }: TrafficScope) =>
    namespace === undefined ||
    operator.startsWith('!') ||
    called.includes(namespace);
}
