import {
  FleetCoverage,
  FleetRow,
  FleetSummary,
  MTLS_LINE,
  placementId,
  SourceStatus,
  Verdict,
} from '@meshdeck/plugin-mesh-common';
import { percent, verdict } from '../facts/verdicts';
import { healthOf } from '../health/healthOf';
import { alertsAbout } from '../metrics/alertsAbout';
import { Traffic } from '../metrics/Traffic';
import type { OwningEntity } from '../ownership/EntityClaims';
import type { FleetFacts } from './fleetFacts';
import type { KnownNumbers } from './FleetNumbers';

/** A row as the portal knows it; what of its entity a reader gets to see is another question. */
export interface KnownRow {
  row: FleetRow;
  entity?: OwningEntity;
  /** What a search looks through, in lower case. */
  text: string;
}

/** The row of a service, without its entity. */
export function toRow(
  facts: FleetFacts,
  known: { cluster: string; kubernetes: SourceStatus; numbers: KnownNumbers },
): FleetRow {
  const { namespace, service, config, dataPlane, rollout } = facts;
  const { cluster, kubernetes, numbers } = known;
  const traffic = trafficOf(facts, numbers);
  const named = { cluster, namespace, service };
  const { verdict: health } = healthOf({
    service,
    kubernetes,
    prometheus: numbers.source,
    config,
    rollout,
    traffic,
    alerts: numbers.alerts && alertsAbout(named, numbers.alerts),
  });
  return {
    placement: { id: placementId(named), ...named },
    dataPlane,
    verdict: health,
    // Without a proxy nothing is measured: that is not the same as nobody calling.
    requestsPerSecond: config.inMesh ? traffic?.requestsPerSecond : undefined,
    errorShare: traffic?.errorShare,
    p99Ms: p99Of(facts, numbers),
    mtlsShare: traffic?.mtlsShare,
    findings: facts.findings,
    canary: facts.canary,
    proxyVersions: facts.proxyVersions,
    pods: facts.pods,
    readyPods: facts.readyPods,
  };
}

/** Undefined where Prometheus does not say; without an entry a service was not called. */
function trafficOf(
  facts: FleetFacts,
  { value: numbers }: KnownNumbers,
): Traffic | undefined {
  return (
    numbers &&
    Traffic.fromReports(
      placesOf(facts).flatMap(place => numbers.get(place)?.reports ?? []),
      facts.measured,
    )
  );
}

/** Of several Services that of the slowest: quantiles cannot be added. */
function p99Of(
  facts: FleetFacts,
  { value: numbers }: KnownNumbers,
): number | undefined {
  const known = placesOf(facts).flatMap(
    place => numbers?.get(place)?.p99Ms ?? [],
  );
  return known.length > 0 ? Math.max(...known) : undefined;
}

function placesOf({ namespace, service, measured }: FleetFacts): string[] {
  const { behind = [service] } = measured;
  return behind.map(name => `${namespace}/${name}`);
}

export function needsAttention({ verdict: { level } }: FleetRow): boolean {
  return level === 'warning' || level === 'error';
}

/** All services in a few numbers. */
export function summaryOf(
  rows: readonly FleetRow[],
  pending: number,
): FleetSummary {
  const { requestsPerSecond, mtlsShare } = encryptionOf(rows);
  const atLevel = (wanted: Verdict['level']) =>
    rows.filter(({ verdict: { level } }) => level === wanted).length;
  return {
    services: rows.length + pending,
    needAttention: rows.filter(needsAttention).length,
    broken: atLevel('error'),
    notKnown: atLevel('unknown'),
    outsideMesh: rows.filter(({ dataPlane }) => dataPlane === 'none').length,
    requestsPerSecond,
    mtlsShare,
    pending,
  };
}

/** The first sentence of the page. */
export function fleetVerdict(summary: FleetSummary): Verdict {
  const { services, needAttention, mtlsShare, outsideMesh, pending } = summary;
  const { notKnown } = summary;
  if (services === 0) {
    return verdict('unknown', 'No service is known yet.');
  }
  if (pending === services) {
    return verdict(
      'unknown',
      `${count(
        services,
        'service',
      )} · not looked at yet, they follow by themselves`,
    );
  }
  const parts = [
    `${count(services, 'service')}`,
    needAttention
      ? `${needAttention.toLocaleString('en-GB')} ${
          needAttention === 1 ? 'needs' : 'need'
        } attention`
      : 'none needs attention',
    notKnown > 0 &&
      `of ${notKnown.toLocaleString('en-GB')} it is not known how they run`,
    mtlsShare !== undefined && `mTLS ${percent(mtlsShare)} of requests`,
    outsideMesh > 0 &&
      `${outsideMesh.toLocaleString('en-GB')} outside the mesh`,
    pending > 0 &&
      `${pending.toLocaleString(
        'en-GB',
      )} not looked at yet, they follow by themselves`,
  ].filter(Boolean);
  return verdict(levelOf(summary), `${parts.join(' · ')}`);
}

/** No friendlier than the worst row. */
function levelOf({
  broken,
  needAttention,
  notKnown,
}: FleetSummary): Verdict['level'] {
  if (broken > 0) {
    return 'error';
  }
  if (needAttention > 0) {
    return 'warning';
  }
  return notKnown > 0 ? 'unknown' : 'ok';
}

/** By cluster and namespace: those below the line first, the worst of them first; those without requests last. */
export function coverageOf(rows: readonly FleetRow[]): FleetCoverage[] {
  const groups = new Map<string, FleetRow[]>();
  for (const row of rows) {
    const { cluster, namespace } = row.placement;
    const key = `${cluster} ${namespace}`;
    const group = groups.get(key);
    if (group) {
      group.push(row);
    } else {
      groups.set(key, [row]);
    }
  }
  return [...groups.values()]
    .map(group => ({
      cluster: group[0].placement.cluster,
      namespace: group[0].placement.namespace,
      services: group.length,
      outsideMesh: group.filter(({ dataPlane }) => dataPlane === 'none').length,
      ...encryptionOf(group),
    }))
    .sort(
      (a, b) =>
        Number(missesLine(b)) - Number(missesLine(a)) ||
        (a.mtlsShare ?? 2) - (b.mtlsShare ?? 2) ||
        byText(a.namespace, b.namespace) ||
        byText(a.cluster, b.cluster),
    );
}

function missesLine({ mtlsShare }: FleetCoverage): boolean {
  return mtlsShare !== undefined && mtlsShare < MTLS_LINE;
}

function byText(a: string, b: string): number {
  if (a === b) {
    return 0;
  }
  return a < b ? -1 : 1;
}

/** Weighs the services by their requests. */
function encryptionOf(rows: readonly FleetRow[]) {
  const measured = rows.filter(
    ({ requestsPerSecond }) => requestsPerSecond !== undefined,
  );
  let requests = 0;
  let judged = 0;
  let encrypted = 0;
  for (const { requestsPerSecond = 0, mtlsShare } of measured) {
    requests += requestsPerSecond;
    if (mtlsShare !== undefined) {
      judged += requestsPerSecond;
      encrypted += requestsPerSecond * mtlsShare;
    }
  }
  return {
    requestsPerSecond: measured.length ? requests : undefined,
    // Sums of rates are not exact; all is all.
    mtlsShare: judged > 0 ? Math.min(encrypted / judged, 1) : undefined,
  };
}

function count(number: number, noun: string): string {
  return `${number.toLocaleString('en-GB')} ${noun}${number === 1 ? '' : 's'}`;
}
