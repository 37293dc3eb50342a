import type { Finding, ObjectRef, Verdict } from '@meshdeck/plugin-mesh-common';

/** `Kind namespace/name`, or `Kind name`. */
export function nameOf(ref: ObjectRef): string {
  const { kind, namespace, name } = ref;
  return namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}

export function plainVerdict({ level, sentence }: Verdict) {
  return { level, sentence };
}

export function plainFinding(finding: Finding) {
  const { code, level, object, path, message, fix } = finding;
  return { code, level, object: nameOf(object), path, message, fix };
}
