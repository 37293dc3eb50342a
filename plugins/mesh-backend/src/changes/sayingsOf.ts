import type { KubeObject } from '@meshdeck/istio-config';
import { withoutContainers } from '../memory/withoutContainers';

/** Notes of Kubernetes' own controllers about what they did. */
const NOTES = 'deployment.kubernetes.io/';

export function isControllersNote(annotation: string): boolean {
  return annotation.startsWith(NOTES);
}

/** What people say of an object, as far as the memory keeps it. What controllers add on their own is none of it. */
export function sayingsOf(object: KubeObject) {
  const { spec, metadata } = withoutContainers(object);
  const { labels = {}, annotations = {} } = metadata;
  const own = Object.entries(annotations).filter(
    ([name]) => !isControllersNote(name),
  );
  return { spec, labels, annotations: Object.fromEntries(own) };
}
