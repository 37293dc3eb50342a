import { KubeObject, namespaceOf } from '../kube/KubeObject';
import { fieldsOf, isMap, itemsOf, textsOf } from '../kube/reading';
import { portNumbers } from './portProtocol';

/**
 * The first of several ServiceEntries for a host, with the ports of the others that are of its namespace and kind.
 * Source: istio pilot/pkg/model/sidecar.go, appendSidecarServices.
 */
export function mergedEntries([
  first,
  ...others
]: readonly KubeObject[]): KubeObject {
  const known = new Set(portNumbers(first));
  const more = others
    .filter(other => kindOfEntry(other) === kindOfEntry(first))
    .flatMap(({ spec }) => itemsOf(spec?.ports))
    .filter(port => {
      const isNew = isMap(port) && !known.has(Number(port.number));
      if (isNew) {
        known.add(Number(port.number));
      }
      return isNew;
    });
  return more.length === 0
    ? first
    : {
        ...first,
        spec: {
          ...first.spec,
          ports: [...itemsOf(first.spec?.ports), ...more],
        },
      };
}

/** What must be the same in two of them. */
function kindOfEntry(entry: KubeObject): string {
  const { metadata, spec } = entry;
  const sorted = (labels: unknown) =>
    fieldsOf(labels)
      .map(([key, value]) => `${key}=${value}`)
      .sort();
  return JSON.stringify([
    namespaceOf(entry),
    spec?.resolution ?? 'NONE',
    textsOf(spec?.exportTo).sort(),
    sorted(metadata.labels),
    sorted(spec?.workloadSelector?.labels),
  ]);
}
