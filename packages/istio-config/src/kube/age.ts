import { KubeObject, namespaceOf } from './KubeObject';
import { compareTexts } from './order';

/**
 * Where several objects compete, the oldest wins; ties go by name, then namespace.
 * Source: istio pilot/pkg/model/config.go, sortByCreationComparator.
 * @public
 */
export function oldestFirst(
  objects: Iterable<KubeObject>,
  nameOf = ({ metadata }: KubeObject): string => metadata.name,
): KubeObject[] {
  return [...objects]
    .map(object => ({ object, at: createdAt(object) }))
    .sort(
      (a, b) =>
        a.at - b.at ||
        compareTexts(nameOf(a.object), nameOf(b.object)) ||
        compareTexts(namespaceOf(a.object), namespaceOf(b.object)),
    )
    .map(({ object }) => object);
}

function createdAt(object: KubeObject): number {
  const written: unknown = object.metadata.creationTimestamp;
  const time = typeof written === 'string' ? Date.parse(written) : NaN;
  return Number.isNaN(time) ? 0 : time;
}
