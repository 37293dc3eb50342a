import { isDeepStrictEqual } from 'util';
import { itemsOf, KubeObject, ownField } from '@meshdeck/istio-config';
import { numberOf, percentageOf, textOf } from '../rollouts/reading';

const percents = (weight: number) => `${weight} %`;

/** What became another between two states of an object, in words. */
export interface Move {
  what: string;
  why?: string;
}

/** The moves between two states of a VirtualService, an HTTPRoute, a Canary or a Rollout. */
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
  const isRoute = kind === 'HTTPRoute';
  const rules = itemsOf(ownField(spec, isRoute ? 'rules' : 'http'));
  return rules.map((rule, index) => {
    const targets = itemsOf(ownField(rule, isRoute ? 'backendRefs' : 'route'));
    // A lone destination of a VirtualService needs no weight; a backend of an HTTPRoute counts 1.
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

function flaggerMoves(before: KubeObject, after: KubeObject): Move[] {
  const status = (field: string) =>
    [before, after].map(object => ownField(object.status, field));
  const condition = itemsOf(ownField(after.status, 'conditions')).find(
    candidate => ownField(candidate, 'type') === 'Promoted',
  );
  const changes = [
    changed('phase', status('phase').map(textOf), phase => phase),
    changed('canary', status('canaryWeight').map(percentageOf), percents),
    changed('failed checks', status('failedChecks').map(numberOf), String),
    isNow(before.spec, after.spec, 'suspend', ['suspended', 'taken up again']),
  ].filter(change => change !== undefined);
  return changes.length
    ? [
        {
          what: changes.join(', '),
          why: textOf(ownField(condition, 'message')),
        },
      ]
    : [];
}

function argoMoves(before: KubeObject, after: KubeObject): Move[] {
  const weights = [before, after].map(({ status }) =>
    percentageOf(
      ownField(
        ownField(ownField(ownField(status, 'canary'), 'weights'), 'canary'),
        'weight',
      ),
    ),
  );
  const status = (field: string) =>
    [before, after].map(object => ownField(object.status, field));
  const changes = [
    changed('phase', status('phase').map(textOf), phase => phase),
    changed('canary', weights, percents),
    changed('step', status('currentStepIndex').map(numberOf), index =>
      String(index + 1),
    ),
    isNow(before.status, after.status, 'abort', ['aborted', 'tried again']),
    isNow(before.spec, after.spec, 'paused', ['paused', 'resumed']),
  ].filter(change => change !== undefined);
  return changes.length
    ? [
        {
          what: changes.join(', '),
          why: textOf(ownField(after.status, 'message')),
        },
      ]
    : [];
}

/** "canary from 10 % to 20 %"; undefined where nothing changed. */
function changed<T>(
  name: string,
  [before, after]: (T | undefined)[],
  words: (value: T) => string,
): string | undefined {
  if (before === after || after === undefined) {
    return undefined;
  }
  return before === undefined
    ? `${name} ${words(after)}`
    : `${name} from ${words(before)} to ${words(after)}`;
}

function isNow(
  before: unknown,
  after: unknown,
  field: string,
  [on, off]: [on: string, off: string],
): string | undefined {
  const [was, is] = [before, after].map(part => ownField(part, field) === true);
  if (was === is) {
    return undefined;
  }
  return is ? on : off;
}
