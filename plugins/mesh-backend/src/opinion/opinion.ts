import type {
  Finding,
  KialiOpinion,
  KialiValidation,
  Verdict,
} from '@meshdeck/plugin-mesh-common';
import type { KialiReport } from '../sources/kiali/kialiReport';

const LEVELS: Record<KialiReport['health'], Verdict['level'] | undefined> = {
  Healthy: 'ok',
  'Not Ready': 'warning',
  Degraded: 'warning',
  Failure: 'error',
  NA: undefined,
};
const OURS: Record<Verdict['level'], string> = {
  ok: 'that all is right',
  warning: 'a warning',
  error: 'an error',
  unknown: 'nothing',
};
const RANK: readonly Verdict['level'][] = ['ok', 'warning', 'error'];

/** What Kiali's report is compared with. */
export interface OwnOpinion {
  verdict: Verdict;
  findings: readonly Finding[];
}

/** What Kiali's report adds to what we say ourselves. */
export function opinion(
  report: KialiReport,
  ours: OwnOpinion,
): Omit<KialiOpinion, 'links'> {
  return {
    version: report.version,
    health: report.health,
    differs: difference(report, ours.verdict),
    validations: report.validations.filter(
      validation =>
        !ours.findings.some(finding => isSamePlace(finding, validation)),
    ),
  };
}

function difference(
  { health, errorPercent }: KialiReport,
  { level }: Verdict,
): string | undefined {
  const theirs = LEVELS[health];
  if (theirs === undefined || theirs === level) {
    return undefined;
  }
  const opposed = `Kiali says ${health}, Meshdeck says ${OURS[level]}`;
  if (level === 'unknown') {
    return `${opposed}: its own view of the cluster may be newer.`;
  }
  return RANK.indexOf(theirs) > RANK.indexOf(level)
    ? `${opposed}: Kiali counts ${shareOf(
        errorPercent,
      )} in 5 minutes, and any 5xx counts for it.`
    : `${opposed}: Kiali’s health knows only the answers of the last 5 minutes, nothing of the configuration and of encryption.`;
}

function shareOf(errorPercent: number | undefined): string {
  return errorPercent === undefined
    ? 'failed requests'
    : `${Math.round(errorPercent * 100) / 100} % failed requests`;
}

/** Codes and words differ between the two; the object and the place in it do not. */
function isSamePlace(finding: Finding, validation: KialiValidation): boolean {
  const { object, path = '' } = finding;
  const { kind, namespace, name } = validation.object;
  return (
    object.kind === kind &&
    object.namespace === namespace &&
    object.name === name &&
    (contains(path, validation.path ?? '') ||
      contains(validation.path ?? '', path))
  );
}

/** Whether the second path is the first or lies within it; the whole object contains only itself. */
function contains(outer: string, inner: string): boolean {
  return (
    inner === outer || (outer !== '' && /^[.[]/.test(rest(outer, inner) ?? ''))
  );
}

function rest(outer: string, inner: string): string | undefined {
  return inner.startsWith(outer) ? inner.slice(outer.length) : undefined;
}
