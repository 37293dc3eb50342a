import type { KubeObject } from '../kube/KubeObject';

/** Istio's own annotation, and the name that its documentation promises for it. */
const SUPPRESS = [
  'analysis.istio.io/suppress',
  'galley.istio.io/analyze-suppress',
];

/** Whether the object says that it does not want to hear of a code; `*` stands for all. */
export function isSuppressed(object: KubeObject, code: string): boolean {
  const annotations = object.metadata.annotations ?? {};
  return SUPPRESS.some(name => {
    const value = Object.hasOwn(annotations, name) ? annotations[name] : '';
    return String(value)
      .split(',')
      .map(item => item.trim())
      .some(item => item === '*' || item === code);
  });
}
