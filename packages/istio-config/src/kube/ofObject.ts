import type { KubeObject } from './KubeObject';

/** What follows from one object alone, worked out once: objects of a set never change. */
export function ofObject<T extends object>(
  compute: (object: KubeObject) => T,
): (object: KubeObject) => T {
  const known = new WeakMap<KubeObject, T>();
  return object => {
    let value = known.get(object);
    if (!value) {
      value = compute(object);
      known.set(object, value);
    }
    return value;
  };
}
