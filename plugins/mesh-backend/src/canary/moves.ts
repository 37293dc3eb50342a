import { isDeepStrictEqual } from 'util';
import { itemsOf, KubeObject, ownField } from '@meshdeck/istio-config';
import { numberOf, textOf } from '../rollouts/reading';
import { flaggerMoves, argoMoves, type Move } from '../rollouts/rolloutMoves';

/** The moves between two states of a VirtualService, an HTTPRoute, a GRPCRoute, a Canary or a Rollout. */
export function movesBetween(before: KubeObject, after: KubeObject): Move[] {
  switch (after.kind) {
    case 'Canary':
      return flaggerMoves(before, after);
    case 'Rollout':
      return argoMoves(before, after);
    default:
      return weightMoves(before, after);
  }
}

/** Rules are the same where they ask for the same requests, wherever they stand. */
function weightMoves(before: KubeObject, after: KubeObject): Move[] {
  const old = splitsOf(before);
  const used = new Set<Split>();
  return splitsOf(after).flatMap(split => {
    const was = old.find(
      candidate =>
        !used.has(candidate) && isDeepStrictEqual(candidate.match, split.match),
    );
    if (!was) {
      return [];
    }
    used.add(was);
    const names = new Set([...was.shares.keys(), ...split.shares.keys()]);
    const changes = [...names].flatMap(name => {
      const [from, to] = [
        was.shares.get(name) ?? 0,
        split.shares.get(name) ?? 0,
      ];
      return from === to ? [] : [`${name} from ${from} % to ${to} %`];
    });
    return changes.length
      ? [{ what: `rule ${split.number}: ${changes.join(', ')}` }]
      : [];
  });
}

interface Split {
  number: number;
  match: unknown;
  /** Version to per cent. */
  shares: Map<string, number>;
}

function splitsOf({ kind, spec }: KubeObject): Split[] {
  const isRoute = kind !== 'VirtualService';
  const rules = itemsOf(ownField(spec, isRoute ? 'rules' : 'http'));
  return rules.map((rule, index) => {
    const targets = itemsOf(ownField(rule, isRoute ? 'backendRefs' : 'route'));
    // A lone destination of a VirtualService needs no weight; a backend of the Gateway API counts 1.
    const weights = targets.map(
      target =>
        numberOf(ownField(target, 'weight')) ??
        (isRoute || targets.length === 1 ? 1 : 0),
    );
    const total = weights.reduce((sum, weight) => sum + weight, 0);
    const shares = new Map<string, number>();
    targets.forEach((target, position) => {
      const name = targetName(target);
      const share = total > 0 ? (weights[position] / total) * 100 : 0;
      shares.set(name, (shares.get(name) ?? 0) + Math.round(share));
    });
    return {
      number: index + 1,
      match: ownField(rule, isRoute ? 'matches' : 'match'),
      shares,
    };
  });
}

function targetName(target: unknown): string {
  const destination = ownField(target, 'destination');
  return (
    textOf(ownField(destination, 'subset')) ??
    textOf(ownField(destination, 'host')) ??
    textOf(ownField(target, 'name')) ??
    'a destination without a name'
  );
}
