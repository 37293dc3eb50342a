import { fieldsOf, isMap, itemsOf } from '../../kube/reading';
import { Problem, refused, warned } from './Problem';

const TOPOLOGY_LABELS = [
  'topology.kubernetes.io/region',
  'topology.kubernetes.io/zone',
  'topology.istio.io/subzone',
];

/** Source: istio pkg/config/validation/agent, ValidateLocalityLbSetting. */
export function* localityProblems(
  setting: unknown,
  outlierDetection: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(setting)) {
    return;
  }
  const distribute = itemsOf(setting.distribute);
  const failover = itemsOf(setting.failover);
  if (distribute.length > 0 && failover.length > 0) {
    yield refused(
      path,
      'It has distribute and failover; it can have one of them.',
      'Remove one.',
    );
    return;
  }
  const byTopology = topologyLabel(setting.failoverPriority);
  if (failover.length > 0 && byTopology) {
    yield refused(
      `${path}.failoverPriority`,
      `failover and ${byTopology} in failoverPriority say the same in two ways.`,
      'Keep one of them.',
    );
    return;
  }
  for (const [index, { to }] of distribute.filter(isMap).entries()) {
    const place = `${path}.distribute[${index}].to`;
    const shares = fieldsOf(to).map(([, share]) => Number(share));
    const total = shares.reduce((sum, share) => sum + share, 0);
    if (shares.some(share => !(share > 0 && share <= 100)) || total !== 100) {
      yield refused(
        place,
        `The shares of the localities are ${total} together.`,
        'Give each 1 or more, and 100 together.',
      );
      return;
    }
    yield* overlapProblems(
      fieldsOf(to).map(([locality]) => locality),
      place,
    );
  }
  yield* overlapProblems(
    distribute.map(entry => String(entry?.from ?? '')),
    `${path}.distribute`,
  );
  yield* failoverProblems(setting, outlierDetection, path);
}

/** Source: same, ValidateZoneAwareLbSetting. */
export function* zoneAwareProblems(
  setting: unknown,
  outlierDetection: unknown,
  path: string,
): Iterable<Problem> {
  if (!isMap(setting)) {
    return;
  }
  const label = topologyLabel(setting.failoverPriority);
  if (label) {
    yield refused(
      `${path}.failoverPriority`,
      `Zone-aware balancing minds ${label} by itself.`,
      'Remove it.',
    );
  }
  yield* failoverProblems(setting, outlierDetection, path);
}

function topologyLabel(priority: unknown): string | undefined {
  return itemsOf(priority).find(label => TOPOLOGY_LABELS.includes(label));
}

function* failoverProblems(
  setting: Record<string, any>,
  outlierDetection: unknown,
  path: string,
): Iterable<Problem> {
  const failover = itemsOf(setting.failover);
  const priority = itemsOf(setting.failoverPriority);
  if ((failover.length > 0 || priority.length > 0) && !outlierDetection) {
    yield warned(
      path,
      'Without outlierDetection no host counts as down, so nothing fails over.',
      'Add outlierDetection.',
    );
  }
  for (const [index, { from = '', to = '' }] of failover
    .filter(isMap)
    .entries()) {
    const isRegion = (text: unknown) => !/[/*]/.test(String(text));
    if (from === to || !isRegion(from) || !isRegion(to)) {
      yield refused(
        `${path}.failover[${index}]`,
        'A failover leads from one region to another.',
        'Name two regions, without zones and wildcards.',
      );
    }
  }
}

/** Source: same, validateLocalities: no locality may lie in another one before it, nor in the same place. */
function* overlapProblems(
  localities: string[],
  path: string,
): Iterable<Problem> {
  const seen: string[][] = [];
  for (const locality of localities) {
    const parts = locality.split('/');
    const star = locality.indexOf('*');
    if (parts.some(part => part === '')) {
      yield refused(
        path,
        `${JSON.stringify(locality)} lacks a region, zone or subzone.`,
        'Write region, region/zone or region/zone/subzone.',
      );
      return;
    }
    if (star >= 0 && star !== locality.length - 1) {
      yield refused(
        path,
        `${JSON.stringify(locality)} has a wildcard that is not its end.`,
        'Put one * at the end.',
      );
      return;
    }
    if (seen.some(before => overlaps(before, parts))) {
      yield refused(
        path,
        `${JSON.stringify(locality)} overlaps another locality.`,
        'Let each place be in one of them.',
      );
      return;
    }
    seen.push(parts);
  }
}

/** Istio keeps what it saw as a tree: `*` alone covers all, a whole region or zone stands for what is in it. */
function overlaps(before: string[], parts: string[]): boolean {
  if (before[0] === '*') {
    return true;
  }
  if (parts.length === 1 || before[0] !== parts[0]) {
    return before[0] === parts[0];
  }
  if (before.length === 1 || before[1] === '*') {
    return true;
  }
  if (parts.length === 2 || before[1] !== parts[1]) {
    return before[1] === parts[1];
  }
  return (
    before.length === 2 ||
    before[2] === '*' ||
    before.slice(2).join('/') === parts.slice(2).join('/')
  );
}
