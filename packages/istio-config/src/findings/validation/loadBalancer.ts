import { parseDurationNanos } from '../../kube/duration';
import { isMap, itemsOf } from '../../kube/reading';
import { localityProblems, zoneAwareProblems } from './localities';
import { Problem, refused, warned } from './Problem';
import { durationProblems, percentProblems } from './values';

/** Of a table of maglev. */
const LEAST_TOO_LARGE = 5_000_011;

/** Source: istio validation.go, validateLoadBalancer. */
export function* loadBalancerProblems(
  settings: unknown,
  outlierDetection: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(settings)) {
    return;
  }
  yield* consistentHashProblems(
    settings.consistentHash,
    `${path}.consistentHash`,
  );
  if (settings.localityLbSetting && settings.zoneAwareLbSetting) {
    yield refused(
      path,
      'It has localityLbSetting and zoneAwareLbSetting; it can have one of them.',
      'Remove one.',
    );
  }
  yield* localityProblems(
    settings.localityLbSetting,
    outlierDetection,
    `${path}.localityLbSetting`,
  );
  yield* zoneAwareProblems(
    settings.zoneAwareLbSetting,
    outlierDetection,
    `${path}.zoneAwareLbSetting`,
  );
  yield* warmupProblems(settings.warmup, `${path}.warmup`);
}

function* consistentHashProblems(
  hash: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(hash)) {
    return;
  }
  if (isMap(hash.httpCookie)) {
    yield* cookieProblems(hash.httpCookie, `${path}.httpCookie`);
  }
  if (hash.minimumRingSize) {
    yield warned(
      `${path}.minimumRingSize`,
      'minimumRingSize is deprecated here.',
      'Use ringHash.minimumRingSize.',
    );
    if (hash.maglev || hash.ringHash) {
      yield refused(
        `${path}.minimumRingSize`,
        'It has minimumRingSize beside maglev or ringHash; it can have one of them.',
        'Remove minimumRingSize.',
      );
    }
  }
  const size = Number(hash.maglev?.tableSize ?? 0);
  if (isMap(hash.maglev) && (size >= LEAST_TOO_LARGE || !isPrime(size))) {
    yield refused(
      `${path}.maglev.tableSize`,
      `tableSize is ${size}; it has to be a prime number below ${LEAST_TOO_LARGE}.`,
      'Use 65537, or another prime.',
    );
  }
}

/** 1 counts as one to Envoy. */
function isPrime(number: number): boolean {
  if (number > 0 && number < 4) {
    return true;
  }
  if (number % 2 === 0) {
    return false;
  }
  for (let factor = 3; factor * factor <= number; factor += 2) {
    if (number % factor === 0) {
      return false;
    }
  }
  return true;
}

function* cookieProblems(
  cookie: Record<string, any>,
  path: string,
): Iterable<Problem> {
  if (!cookie.name) {
    yield refused(`${path}.name`, 'The cookie has no name.', 'Name it.');
  }
  if (
    cookie.ttl !== undefined &&
    parseDurationNanos(cookie.ttl) === undefined
  ) {
    yield refused(
      `${path}.ttl`,
      `${JSON.stringify(cookie.ttl)} is no duration.`,
      'Write it as 3600s; 0s is for the session.',
    );
  }
  const names = new Set<unknown>();
  for (const [index, attribute] of itemsOf(cookie.attributes).entries()) {
    if (!attribute?.name || names.has(attribute.name)) {
      yield refused(
        `${path}.attributes[${index}].name`,
        'The attribute of the cookie has no name of its own.',
        'Name it, and each once.',
      );
    }
    names.add(attribute?.name);
  }
}

function* warmupProblems(warmup: unknown, path: string): Iterable<Problem> {
  if (!isMap(warmup)) {
    return;
  }
  if (warmup.duration === undefined) {
    yield refused(
      `${path}.duration`,
      'The warm-up has no duration.',
      'Set it, for example to 60s.',
    );
  }
  yield* durationProblems(warmup.duration, `${path}.duration`);
  yield* percentProblems(warmup.minimumPercent, `${path}.minimumPercent`);
  if (Number(warmup.aggression ?? 1) <= 0) {
    yield refused(
      `${path}.aggression`,
      'aggression is not above 0.',
      'Use 1, which grows evenly.',
    );
  }
}
