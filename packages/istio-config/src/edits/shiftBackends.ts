import { describeRef, refOf } from '../kube/KubeObject';
import { valueAt } from '../kube/place';
import { itemsOf, ownField } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import type { RuleSource } from '../routes/types';
import { sharesOf } from '../routes/weights';
import type { ChangePlan } from './ChangePlan';
import { EditRefused } from './EditRefused';
import { writtenRule } from './editRule';
import type { PatchOperation } from './PatchOperation';

/** @public */
export interface BackendShiftAnswers {
  rule: RuleSource;
  /** Whole per cents in the order of the rule's backends; they add up to 100. */
  weights: readonly number[];
}

/**
 * Moves traffic between the backends that a rule names: of an HTTPRoute or GRPCRoute, or a TCP, TLS or HTTP rule of a VirtualService.
 * Only weights are written.
 *
 * @throws EditRefused
 * @public
 */
export function planBackendShift(
  set: MeshObjects,
  { rule: source, weights }: BackendShiftAnswers,
): ChangePlan {
  const { object, at } = writtenRule(set, source);
  const isGatewayApi = object.kind !== 'VirtualService';
  const list = [...at, isGatewayApi ? 'backendRefs' : 'route'];
  const backends = itemsOf(valueAt(object, list));
  if (backends.length < 2) {
    throw new EditRefused(
      `This rule of ${describeRef(
        refOf(object),
      )} has one place to send to: there is nothing to divide.`,
    );
  }
  check(weights, backends.length);
  const usual = isGatewayApi ? 1 : 0;
  const named = isGatewayApi ? ['name', 'namespace'] : ['destination'];
  const isSo = sharesOf(
    backends.map(backend => ownField(backend, 'weight') ?? usual),
  ).every((share, index) => Math.abs(share * 100 - weights[index]) < 1e-6);
  return {
    edits: [
      {
        action: 'change',
        before: object,
        // Whatever the numbers are: 1 and 3 give what 25 and 75 do.
        operations: (isSo ? [] : backends).flatMap(
          (backend, index): PatchOperation[] => {
            const place = [...list, index];
            const weight: unknown = ownField(backend, 'weight');
            return [
              ...named.flatMap((field): PatchOperation[] => {
                const value: unknown = ownField(backend, field);
                return value === undefined
                  ? []
                  : [{ op: 'test', at: [...place, field], value }];
              }),
              ...moved([...place, 'weight'], weight, weights[index], usual),
            ];
          },
        ),
      },
    ],
    sentence: `Of the requests that this rule takes, ${backends
      .map((backend, index) => `${weights[index]} % go to ${nameOf(backend)}`)
      .join(', ')}.`,
  };
}

function moved(
  at: (string | number)[],
  old: unknown,
  weight: number,
  usual: number,
): PatchOperation[] {
  if (old === undefined) {
    return weight === usual ? [] : [{ op: 'add', at, value: weight }];
  }
  return old === weight
    ? []
    : [
        { op: 'test', at, value: old },
        { op: 'replace', at, value: weight },
      ];
}

function check(weights: readonly number[], backends: number): void {
  if (weights.length !== backends) {
    throw new EditRefused(
      `The rule has ${backends} backends, and ${weights.length} weights were given.`,
    );
  }
  const odd = weights.find(
    weight => !Number.isInteger(weight) || weight < 0 || weight > 100,
  );
  if (odd !== undefined) {
    throw new EditRefused(
      `A weight is ${odd}; expected a whole number from 0 to 100.`,
    );
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  if (total !== 100) {
    throw new EditRefused(`The weights add up to ${total}, not to 100.`);
  }
}

function nameOf(backend: unknown): string {
  const { host, subset } = ownField(backend, 'destination') ?? {};
  return host === undefined
    ? String(ownField(backend, 'name'))
    : [host, subset].filter(Boolean).join(' ');
}
