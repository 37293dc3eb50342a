import type { Branch, CallShape, Outcome } from '../traffic/flows/Flow';
import type { Random } from '../traffic/seededRandom';

/** What is known of a call's end before it is drawn, from the fate of the request it is made for: success, or a code. */
export type Fate = 'any' | 'ok' | number;

/** One of a call's possible ends, each as likely as it is. If none fits the fate, any will do. */
export function chooseEnd(
  shape: CallShape,
  fate: Fate,
  random: Random,
): { branch: Branch; outcome: Outcome } | undefined {
  const options = endsOf(shape, fate);
  const total = options.reduce((sum, { share }) => sum + share, 0);
  if (total === 0) {
    return fate === 'any' ? undefined : chooseEnd(shape, 'any', random);
  }
  let left = random() * total;
  return (
    options.find(({ share }) => {
      left -= share;
      return left < 0;
    }) ?? options[options.length - 1]
  );
}

/** How likely a call ends so. */
export function shareWithFate(shape: CallShape, fate: Fate): number {
  return endsOf(shape, fate).reduce((sum, { share }) => sum + share, 0);
}

interface End {
  branch: Branch;
  outcome: Outcome;
  share: number;
}

const known = new WeakMap<CallShape, Map<Fate, End[]>>();

/** Kept for each shape: a search draws thousands of traces of the same few. */
function endsOf(shape: CallShape, fate: Fate): End[] {
  const byFate = known.get(shape) ?? new Map<Fate, End[]>();
  known.set(shape, byFate);
  const ends = byFate.get(fate) ?? findEnds(shape, fate);
  byFate.set(fate, ends);
  return ends;
}

function findEnds(shape: CallShape, fate: Fate): End[] {
  return shape.branches
    .filter(({ mirrored }) => !mirrored)
    .flatMap(branch =>
      branch.outcomes
        .filter(outcome => fits(outcome, fate))
        .map(outcome => ({
          branch,
          outcome,
          share: branch.share * outcome.share,
        })),
    );
}

/** An application that gets no answer passes 503 on. */
function fits({ code }: Outcome, fate: Fate): boolean {
  if (fate === 'any') {
    return true;
  }
  const answered = code === 0 ? 503 : code;
  return fate === 'ok' ? answered < 400 : answered === fate;
}
