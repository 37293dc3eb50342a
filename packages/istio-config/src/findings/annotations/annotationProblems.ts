import type { KubeObject } from '../../kube/KubeObject';
import { ownField } from '../../kube/reading';
import type { FindingDraft } from '../Finding';
import type { IstioAnnotation } from './knownAnnotations';

const INJECT = 'sidecar.istio.io/inject';

/** An annotation of an object, or of the pods that it makes. */
export interface PlacedAnnotation extends IstioAnnotation {
  resource: KubeObject;
  path: string;
  /** The labels beside it. */
  labels: unknown;
}

export function unknownProblem({
  resource,
  path,
  name,
  known,
}: PlacedAnnotation): FindingDraft[] {
  return known
    ? []
    : [
        {
          resource,
          path,
          message: `Istio knows no annotation ${name}: it has no effect.`,
          fix: name.endsWith('/concurrency')
            ? 'Use proxy.istio.io/config: "concurrency: 4".'
            : 'Correct its name, or remove it.',
        },
      ];
}

export function deprecatedProblem(
  { resource, path, name, known, labels }: PlacedAnnotation,
  fixOfInject: string,
): FindingDraft[] {
  // Who has the label as well knows, and keeps both for older versions.
  const hasReplacement =
    name === INJECT && ownField(labels, INJECT) !== undefined;
  return known?.deprecated && !hasReplacement
    ? [
        {
          resource,
          path,
          message: `The annotation ${name} is deprecated.`,
          fix:
            name === INJECT
              ? fixOfInject
              : 'Remove it; see the release notes for what takes its place.',
        },
      ]
    : [];
}
