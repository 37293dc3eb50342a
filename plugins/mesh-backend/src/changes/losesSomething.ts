import type { CallerView } from '@meshdeck/plugin-mesh-common';

type Access = Pick<CallerView, 'allowed' | 'allowedOperations'>;

const RANK = { no: 0, partly: 1, yes: 2 };
const EXCEPT = 'not ';

/** Whether a caller may not do something any more that it may now. Operations are as pages show them: `GET/POST /api`, `not DELETE`. */
export function losesSomething(now: Access, later: Access): boolean {
  if (now.allowed !== 'partly' || later.allowed !== 'partly') {
    return RANK[later.allowed] < RANK[now.allowed];
  }
  const [is, then] = [now, later].map(({ allowedOperations }) => ({
    allowed: allowedOperations.filter(each => !each.startsWith(EXCEPT)),
    excepted: allowedOperations.filter(each => each.startsWith(EXCEPT)),
  }));
  const isExceptedAnew = then.excepted.some(
    each =>
      !is.excepted.some(known => covers(known, each)) &&
      // Without any that is named, all are allowed.
      (is.allowed.length === 0 || is.allowed.some(own => mayMeet(own, each))),
  );
  const isTaken =
    then.allowed.length > 0 &&
    (is.allowed.length === 0 ||
      is.allowed.some(each => !then.allowed.some(kept => covers(kept, each))));
  return isExceptedAnew || isTaken;
}

/** Whether one operation holds all of another: the same, with at least its methods. */
function covers(wide: string, narrow: string): boolean {
  const [many, few] = [wide, narrow].map(partsOf);
  const hasMethods =
    many.methods.length === 0 ||
    (few.methods.length > 0 &&
      few.methods.every(method => many.methods.includes(method)));
  return many.rest === few.rest && hasMethods;
}

/** Whether a request may be of both: their methods say so, paths and the rest are not compared. */
function mayMeet(a: string, b: string): boolean {
  const [one, other] = [a, b].map(text => partsOf(text).methods);
  return (
    one.length === 0 ||
    other.length === 0 ||
    one.some(method => other.includes(method))
  );
}

function partsOf(operation: string): { methods: string[]; rest: string } {
  const text = operation.startsWith(EXCEPT)
    ? operation.slice(EXCEPT.length)
    : operation;
  const match = /^([A-Z]+(?:\/[A-Z]+)*)(?: (.*))?$/.exec(text);
  return match
    ? { methods: match[1].split('/'), rest: match[2] ?? '' }
    : { methods: [], rest: text };
}
