import { textsOf } from '../../kube/reading';
import { isDnsLabel } from './names';
import { Problem, refused } from './Problem';

/** Source: validation.go, validateExportTo. */
export function* exportToProblems(
  exportTo: unknown,
  options: { namespace: string; mayBeNobody?: boolean; hasSelector?: boolean },
): Iterable<Problem> {
  const given = textsOf(exportTo);
  const path = 'spec.exportTo';
  const seen = new Set<string>();
  for (const [index, entry] of given.entries()) {
    const namespace = entry === '.' ? options.namespace : entry;
    if (seen.has(namespace)) {
      yield refused(
        `${path}[${index}]`,
        `${JSON.stringify(entry)} is named twice.`,
        'Name it once.',
      );
    } else if (
      namespace === '*' ||
      isDnsLabel(namespace) ||
      (namespace === '~' && options.mayBeNobody)
    ) {
      seen.add(namespace);
    } else {
      yield refused(
        `${path}[${index}]`,
        `${JSON.stringify(entry)} is no namespace.`,
        'Use ".", "*" or the name of a namespace.',
      );
    }
  }
  const isForAllOrNobody = seen.has('*') || seen.has('~');
  if (isForAllOrNobody && given.length > 1) {
    yield refused(
      path,
      '"*" and "~" stand alone: beside them no namespace can be named.',
      'Keep one of both.',
    );
  }
  const isElsewhere = seen.size > 1 || !seen.has(options.namespace);
  if (options.hasSelector && seen.size > 0 && isElsewhere) {
    yield refused(
      path,
      'With a workloadSelector the rule is for its own namespace only.',
      'Set exportTo to ".", or remove the selector.',
    );
  }
}
