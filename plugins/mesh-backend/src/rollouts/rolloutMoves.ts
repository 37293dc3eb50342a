import { itemsOf, KubeObject, ownField } from '@meshdeck/istio-config';
import { numberOf, percentageOf, textOf } from './reading';

const percents = (weight: number) => `${weight} %`;

/** What became another between two states of an object, in words. */
export interface Move {
  what: string;
  why?: string;
}

/** What a Canary of Flagger's did between two of its states. */
export function flaggerMoves(before: KubeObject, after: KubeObject): Move[] {
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

/** What a Rollout of Argo's did between two of its states. */
export function argoMoves(before: KubeObject, after: KubeObject): Move[] {
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
