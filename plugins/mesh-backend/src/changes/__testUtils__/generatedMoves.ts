import type { KubeObject } from '@meshdeck/istio-config';
import type { CanaryRule } from '@meshdeck/plugin-mesh-common';
import type { ChangingPortal } from './ChangingPortal';
import { written } from './weightedService';

/** Enough that a generator makes what could go wrong. */
export const CONFIGURATIONS = 40;

export const GENERATED_NAMES: readonly string[] = Array.from(
  { length: CONFIGURATIONS },
  (_item, number) => `shop-${number}`,
);

/** A rule of a generated service, and the weights that it is to get. */
export interface GeneratedMove {
  number: number;
  place: { namespace: string; name: string };
  offered: CanaryRule[];
  chosen: CanaryRule;
  weights: Record<string, number>;
}

/** One for each service that has a rule to move; which one, and by how much, is the same in every run. */
export async function* generatedMoves(
  portal: ChangingPortal,
  namespace: string,
  versionsOf: (rule: CanaryRule) => readonly string[],
): AsyncIterable<GeneratedMove> {
  for (const [number, name] of GENERATED_NAMES.entries()) {
    const place = { namespace, name };
    const offered = await portal.offered(place);
    if (offered.length > 0) {
      const chosen = offered[number % offered.length];
      const share = (number * 37) % 101;
      const shares = [share, 100 - share, 0];
      const weights = Object.fromEntries(
        versionsOf(chosen).map((version, index) => [version, shares[index]]),
      );
      yield { number, place, offered, chosen, weights };
    }
  }
}

/** As a person makes it: looked at first. */
export async function make(
  portal: ChangingPortal,
  { place, chosen: { rule }, weights }: GeneratedMove,
): Promise<{ status: number; said: string | undefined }> {
  const seen = await portal.preview(place, { rule, weights });
  const { resourceVersion } = seen.body;
  const { status, body } = await portal.apply(place, {
    rule,
    weights,
    resourceVersion,
  });
  return { status, said: body.remark ?? body.error?.message };
}

/** The place of a rule in its list, from its path. */
export function positionOf({ rule }: CanaryRule): number {
  return Number(/\d+/.exec(rule.path));
}

/** The object as text, but for the weights in one list of destinations. */
export function withoutWeights(
  object: KubeObject,
  listIn: (spec: KubeObject['spec']) => { weight?: number }[],
): string {
  const copy = structuredClone(written(object)) as KubeObject;
  for (const entry of listIn(copy.spec)) {
    delete entry.weight;
  }
  return JSON.stringify(copy);
}
