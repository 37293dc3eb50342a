import {
  DEFAULT_TOLERANCES,
  HealthStatus,
  requestHealth,
  RequestRates,
} from '@meshdeck/istio-config';
import type {
  KialiHealth,
  KialiValidation,
} from '@meshdeck/plugin-mesh-common';

/** What Kiali says of a service. */
export type KialiReport = {
  version?: string;
  health: KialiHealth;
  errorPercent?: number;
  validations: KialiRemark[];
};

/** A remark as it can be kept in a cache. */
export type KialiRemark = {
  code?: string;
  object: { kind: string; namespace?: string; name: string };
  path?: string;
  severity: KialiValidation['severity'];
  message: string;
};

/** The answer for a service's details, of Kiali 1 and 2. */
export interface KialiServiceDetails {
  health?: {
    requests?: { inbound?: Record<string, Record<string, number>> };
    /** Absent where Kiali’s front end works the health out of the requests: all of version 1, and older ones of 2. */
    status?: { status?: string; errorRatio?: number };
  };
  /** Of the service's objects, in some versions of the whole namespace's. */
  validations?: Record<string, Record<string, KialiObjectValidation>>;
  virtualServices?: KialiObject[] | null;
  destinationRules?: KialiObject[] | null;
  serviceEntries?: KialiObject[] | null;
  k8sHTTPRoutes?: KialiObject[] | null;
  k8sGRPCRoutes?: KialiObject[] | null;
}

interface KialiObject {
  metadata?: { name?: string; namespace?: string };
}

/** Where the details list the service's own objects of a kind. */
const LISTED = {
  VirtualService: 'virtualServices',
  DestinationRule: 'destinationRules',
  ServiceEntry: 'serviceEntries',
  HTTPRoute: 'k8sHTTPRoutes',
  GRPCRoute: 'k8sGRPCRoutes',
} as const;

interface KialiObjectValidation {
  name?: string;
  namespace?: string;
  checks?:
    | {
        code?: string;
        message?: string;
        severity?: string;
        path?: string;
      }[]
    | null;
}

const HEALTHS: readonly KialiHealth[] = [
  'Healthy',
  'Not Ready',
  'Degraded',
  'Failure',
  'NA',
];
const OF_STATUS: Record<HealthStatus, KialiHealth> = {
  healthy: 'Healthy',
  idle: 'NA',
  unknown: 'NA',
  degraded: 'Degraded',
  failing: 'Failure',
};
/** Kinds as Kiali 1 wrote them. */
const KINDS = new Map(
  [
    'VirtualService',
    'DestinationRule',
    'Gateway',
    'ServiceEntry',
    'Sidecar',
    'WorkloadEntry',
    'WorkloadGroup',
    'EnvoyFilter',
    'WasmPlugin',
    'Telemetry',
    'AuthorizationPolicy',
    'PeerAuthentication',
    'RequestAuthentication',
  ].map(kind => [kind.toLowerCase(), kind]),
);

/** Reads what Kiali answered; whatever it lacks is left out. */
export function kialiReport(
  details: KialiServiceDetails,
  version: string | undefined,
): KialiReport {
  return {
    version,
    ...healthOf(details.health),
    validations: Object.entries(details.validations ?? {}).flatMap(
      ([kind, objects]) =>
        Object.values(objects ?? {})
          .filter(object => concerns(details, kindNamed(kind), object))
          .flatMap(object => remarksOn(kindNamed(kind), object)),
    ),
  };
}

/** Whether an object is the service's, as far as the details tell. */
function concerns(
  details: KialiServiceDetails,
  kind: string,
  { name, namespace }: KialiObjectValidation,
): boolean {
  const list = Object.hasOwn(LISTED, kind)
    ? details[LISTED[kind as keyof typeof LISTED]]
    : undefined;
  return (
    !Array.isArray(list) ||
    list.some(
      ({ metadata }) =>
        metadata?.name === name && metadata?.namespace === namespace,
    )
  );
}

function healthOf(
  health: KialiServiceDetails['health'],
): Pick<KialiReport, 'health' | 'errorPercent'> {
  const told = HEALTHS.find(known => known === health?.status?.status);
  if (told) {
    return { health: told, errorPercent: health?.status?.errorRatio };
  }
  const rates = Object.entries(health?.requests?.inbound ?? {}).flatMap(
    ([protocol, byCode]): RequestRates[] =>
      protocol === 'http' || protocol === 'grpc'
        ? [{ direction: 'inbound', protocol, byCode }]
        : [],
  );
  const { status, errorPercent } = requestHealth(rates, DEFAULT_TOLERANCES);
  return { health: OF_STATUS[status], errorPercent };
}

/** `networking.istio.io/v1, Kind=VirtualService`, or `virtualservice`. */
function kindNamed(text: string): string {
  return /Kind=(\w+)$/.exec(text)?.[1] ?? KINDS.get(text) ?? text;
}

function remarksOn(
  kind: string,
  { name, namespace, checks }: KialiObjectValidation,
): KialiRemark[] {
  return (checks ?? []).map(({ code, message = '', severity, path }) => ({
    code,
    object: { kind, namespace, name: name ?? '' },
    path: path?.replace(/\//g, '.') || undefined,
    severity:
      severity === 'error' || severity === 'warning' ? severity : 'info',
    // Kiali 1 writes the code before the message.
    message: message.replace(/^KIA\d{4}\s+/, ''),
  }));
}
