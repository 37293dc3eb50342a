import { Latency } from '../Latency';
import type { AttemptClass } from './attempts';
import { Behaviour, ERROR_CODES } from './behaviour';
import type { CallShape } from './Flow';

const NEGLIGIBLE = 1e-6;

/** A call that the application makes while it answers. */
export interface Dependency {
  times: number;
  needed: boolean;
  shape: CallShape;
}

/** How the application answers one attempt: its own errors, those it passes on, and the delays it has to sit out. */
export function applicationAnswers(
  behaviour: Behaviour,
  dependencies: readonly Dependency[],
): AttemptClass[] {
  const latency = delayed(behaviour.latency, dependencies);
  const failures = new Map<number, number>();
  let ok = 1;
  const fail = (code: number, share: number) => {
    if (share > NEGLIGIBLE) {
      failures.set(code, (failures.get(code) ?? 0) + ok * share);
    }
  };
  for (const { times, needed, shape } of dependencies) {
    if (!needed) {
      continue;
    }
    const failing = failuresOf(shape);
    const chance = Math.min(times, 1);
    failing.forEach((share, code) => fail(code, share * chance));
    const total = [...failing.values()].reduce((sum, share) => sum + share, 0);
    ok *= 1 - total * chance;
  }
  ERROR_CODES.forEach(({ code, share }) =>
    fail(code, share * behaviour.errorRate),
  );
  const failed = [...failures.values()].reduce((sum, share) => sum + share, 0);
  return [
    { share: 1 - failed, code: 200, flags: '-', latency },
    ...[...failures].map(([code, share]) => ({
      share,
      code,
      flags: '-',
      latency,
    })),
  ];
}

/** The delays that an answer sits out because of the calls made for it. */
export function delaysOf(
  dependencies: readonly Dependency[],
): CallShape['delays'] {
  return dependencies.flatMap(({ times, shape }) =>
    shape.delays.map(({ share, ms }) => ({
      share: share * Math.min(times, 1),
      ms,
    })),
  );
}

function delayed(
  latency: Latency,
  dependencies: readonly Dependency[],
): Latency {
  return delaysOf(dependencies).reduce(
    (soFar, { share, ms }) =>
      Latency.mixture([
        { share: 1 - share, latency: soFar },
        { share, latency: soFar.plus(ms) },
      ]),
    latency,
  );
}

/** What an application answers when a call that it needs fails: the same code, or 503 where there was no answer. */
function failuresOf(shape: CallShape): Map<number, number> {
  const failing = new Map<number, number>();
  for (const branch of shape.branches) {
    if (branch.mirrored) {
      continue;
    }
    for (const { code, share } of branch.outcomes) {
      if (code === 0 || code >= 400) {
        const passed = code === 0 ? 503 : code;
        failing.set(passed, (failing.get(passed) ?? 0) + branch.share * share);
      }
    }
  }
  return failing;
}
