import {
  findingsFor,
  type Finding as RuleFinding,
  type MeshObjects,
  placeOf,
  valueAt,
} from '@meshdeck/istio-config';
import type { ChangePreview, Placement } from '@meshdeck/plugin-mesh-common';
import { toFinding } from '../facts/objects';

/** What a change would bring and what it would mend, for one service. */
export function compareFindings(
  { before, after }: { before: MeshObjects; after: MeshObjects },
  placement: Placement,
): Pick<ChangePreview, 'findingsNew' | 'findingsFixed'> {
  const found = (set: MeshObjects) =>
    findingsFor(set, placement.namespace, placement.service).map(finding => ({
      key: keyOf(set, finding),
      finding,
    }));
  const [old, now] = [found(before), found(after)];
  const [had, has] = [old, now].map(
    list => new Set(list.map(({ key }) => key)),
  );
  const only = (list: typeof old, known: Set<string>) =>
    list
      .filter(({ key }) => !known.has(key))
      .map(({ finding }) => toFinding(finding));
  return { findingsNew: only(now, had), findingsFixed: only(old, has) };
}

/** By what it is about, not by its place: a rule that is taken away moves those below it up. */
function keyOf(set: MeshObjects, finding: RuleFinding): string {
  const { code, resource, path, message } = finding;
  const { kind, namespace, name } = resource;
  const about = path
    ? (valueAt(set.get(kind, namespace ?? '', name), placeOf(path)) as unknown)
    : undefined;
  return JSON.stringify([
    code,
    kind,
    namespace,
    name,
    about === undefined ? [path, message] : about,
  ]);
}
