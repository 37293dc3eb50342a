import type { CallEnd, CallOutcome } from '@meshdeck/istio-config';
import { PLAIN } from './places';
import type { World } from './World';

/** Copies leave beside the answer, and nobody tells when they arrived. */
const COPIES_WITHIN_MS = 150;

/** Everything that arrived of one request: what was tried again, and copies, which look alike. */
export async function observedEffects(
  world: World,
  id: string,
): Promise<string> {
  await new Promise(resolve => setTimeout(resolve, COPIES_WITHIN_MS));
  const apps = world.pods.filter(({ hasApp }) => hasApp);
  const arrived = await Promise.all(apps.map(({ app }) => app.received(id)));
  return describe(
    arrived
      .flat()
      .map(({ namespace, pod, port, path, headers }) =>
        arrivalAt(`${namespace}/${pod}`, port, [headers?.host, path]),
      ),
  );
}

/** All that may be observed after an outcome: where a copy may end in several ways, each of them. */
export function foretoldEffects(world: World, outcome: CallOutcome): string[] {
  const times =
    outcome.type === 'reaches' || outcome.type === 'leaves'
      ? outcome.tries ?? 1
      : 0;
  const own = Array.from({ length: times }, () => arrivalsOf(world, outcome));
  let all: string[][] = [own.flat()];
  for (const copy of outcome.copies ?? []) {
    all = all.flatMap(before =>
      copy.map(end => [...before, ...arrivalsOf(world, end)]),
    );
  }
  return all.map(describe);
}

function arrivalsOf(world: World, end: CallEnd): string[] {
  switch (end.type) {
    case 'reaches':
      return [arrivalAt(end.pod, end.port, [end.host, end.path])];
    case 'leaves':
      return [
        arrivalAt(world.podOf(PLAIN, 'd').id, 8080, [end.asked, end.path]),
      ];
    default:
      return [];
  }
}

/** Of an app the pods are alike: who is asked again is another one where there is one. */
function arrivalAt(
  pod: string,
  port: number,
  rest: readonly (string | undefined)[],
): string {
  return [`${pod.replace(/-v\d.*/, '')}:${port}`, ...rest].join(' ');
}

function describe(arrivals: readonly string[]): string {
  return ` arrived: ${[...arrivals].sort().join(', ')}`;
}
