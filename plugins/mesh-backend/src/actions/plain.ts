import type {
  Figure,
  Finding,
  ObjectRef,
  Verdict,
} from '@meshdeck/plugin-mesh-common';

/** `Kind namespace/name`, or `Kind name`. */
export function nameOf(ref: ObjectRef): string {
  const { kind, namespace, name } = ref;
  return namespace ? `${kind} ${namespace}/${name}` : `${kind} ${name}`;
}

export function plainVerdict({ level, sentence }: Verdict) {
  return { level, sentence };
}

/** The latest values of the figures that every view has. */
export function plainFigures(
  view: Record<'requestsPerSecond' | 'errorShare' | 'p99Ms', Figure>,
) {
  return {
    requestsPerSecond: view.requestsPerSecond.value,
    errorShare: view.errorShare.value,
    p99Ms: view.p99Ms.value,
  };
}

export function plainFinding(finding: Finding) {
  const { code, level, object, path, message, fix } = finding;
  return { code, level, object: nameOf(object), path, message, fix };
}
