import type { Series } from '../sources/prometheus/PrometheusSource';

/** A group of requests as a proxy reports them. */
export interface TrafficEdge {
  caller: string;
  callerNamespace: string;
  callerPrincipal?: string;
  version: string;
  code: string;
  flags: string;
  /** Unknown where the caller's proxy reports. */
  encrypted?: boolean;
  requestsPerSecond: number;
}

/** The requests to a service, once each. */
export class Traffic {
  /**
   * Puts all reports together. What the service's proxies or its waypoint saw counts; of what the callers' proxies saw, only what never
   * reached the service (no version answered it) is added, so that nothing counts twice. With `hasAmbient` a caller of whom nobody at
   * the service tells is believed in all: its requests pass the waypoint by, if there is one, and ztunnel counts no requests.
   */
  static fromReports(
    reports: Series[],
    { hasAmbient = false }: { hasAmbient?: boolean } = {},
  ): Traffic {
    const by = (reporter: string) =>
      reports.filter(({ labels }) => labels.reporter === reporter).map(toEdge);
    const arrived = [...by('destination'), ...by('waypoint')];
    const met = new Set(arrived.map(callerOf));
    const atCallers = by('source');
    const givenUp = new Set(atCallers.filter(isGivenUp).map(callerOf));
    // Of a caller that gives requests up, the service sees each try end so: only the caller tells them from those that were called off.
    const isCalledOff = (edge: TrafficEdge) =>
      hasFlag(edge, 'DC') && givenUp.has(callerOf(edge));
    const lost = atCallers.filter(
      edge =>
        edge.version === 'unknown' ||
        isGivenUp(edge) ||
        isCalledOff(edge) ||
        (hasAmbient && !met.has(callerOf(edge))),
    );
    return new Traffic(
      [...arrived.filter(edge => !isCalledOff(edge)), ...lost].filter(
        edge => edge.requestsPerSecond > 0,
      ),
    );
  }

  /** What callers' proxies saw, for destinations that have none to tell. */
  static fromCallers(reports: Series[]): Traffic {
    return new Traffic(
      reports
        .filter(({ labels }) => labels.reporter === 'source')
        .map(toEdge)
        .filter(edge => edge.requestsPerSecond > 0),
    );
  }

  private constructor(readonly edges: readonly TrafficEdge[]) {}

  get requestsPerSecond(): number {
    return total(this.edges);
  }

  get errorShare(): number | undefined {
    return share(this.edges.filter(isFailure), this.edges);
  }

  /** Of the requests whose encryption is known. */
  get mtlsShare(): number | undefined {
    const known = this.edges.filter(edge => edge.encrypted !== undefined);
    return share(
      known.filter(edge => edge.encrypted),
      known,
    );
  }

  /** Its parts by what they have in common; each edge is looked at once, however many parts there are. */
  partsBy(keyOf: (edge: TrafficEdge) => string): Map<string, Traffic> {
    const edges = new Map<string, TrafficEdge[]>();
    for (const edge of this.edges) {
      const key = keyOf(edge);
      const known = edges.get(key) ?? [];
      edges.set(key, known);
      known.push(edge);
    }
    return new Map([...edges].map(([key, own]) => [key, new Traffic(own)]));
  }

  where(holds: (edge: TrafficEdge) => boolean): Traffic {
    return new Traffic(this.edges.filter(holds));
  }

  /** The part of all requests that `holds` picks; undefined without any request. */
  shareOf(holds: (edge: TrafficEdge) => boolean): number | undefined {
    return share(this.edges.filter(holds), this.edges);
  }
}

function callerOf({ caller, callerNamespace }: TrafficEdge): string {
  return `${callerNamespace}/${caller}`;
}

/** 5xx, or no answer at all. */
export function isFailure(edge: Pick<TrafficEdge, 'code'>): boolean {
  return /^(5\d\d|0|-)$/.test(edge.code);
}

/** Given up by the caller's proxy after the service had got it: a timeout. */
function isGivenUp(edge: TrafficEdge): boolean {
  return hasFlag(edge, 'UT');
}

function hasFlag({ flags }: TrafficEdge, flag: string): boolean {
  return flags.split(',').includes(flag);
}

const ENCRYPTED = new Map([
  ['mutual_tls', true],
  ['none', false],
]);

function toEdge({ labels, points }: Series): TrafficEdge {
  return {
    caller: labels.source_workload || 'unknown',
    callerNamespace: labels.source_workload_namespace || 'unknown',
    callerPrincipal: principalOf(labels.source_principal),
    version: labels.destination_canonical_revision || 'unknown',
    code: labels.response_code || '0',
    flags: labels.response_flags || '-',
    encrypted: ENCRYPTED.get(labels.connection_security_policy),
    requestsPerSecond: points.at(-1)?.[1] ?? 0,
  };
}

function principalOf(label: string | undefined): string | undefined {
  return label && label !== 'unknown'
    ? label.replace(/^spiffe:\/\//, '')
    : undefined;
}

function total(edges: readonly TrafficEdge[]): number {
  return edges.reduce((sum, edge) => sum + edge.requestsPerSecond, 0);
}

function share(
  part: readonly TrafficEdge[],
  whole: readonly TrafficEdge[],
): number | undefined {
  const all = total(whole);
  return all > 0 ? total(part) / all : undefined;
}
