import {
  attachedTo,
  connection,
  ConnectionVerdict,
  evaluateAccess,
  findWorkload,
  KubeObject,
  MeshObjects,
  objectsFor,
  targetPortOf,
  Workload,
  workloadsOf,
} from '@meshdeck/istio-config';
import type {
  Placement,
  SecurityView,
  TimeWindow,
  TryCallRequest,
  TryCallResult,
  TryCallToken,
} from '@meshdeck/plugin-mesh-common';
import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import { InputError } from '@backstage/errors';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { MetricsService } from '../metrics/MetricsService';
import { settled } from '../sources/settled';
import { callersOf } from '../facts/callers';
import type { OwnerLookup } from '../ownership/OwnerLookup';
import { hasNamespace } from '../facts/hasNamespace';
import { toObjectYaml } from '../facts/objects';
import { serviceFacts } from '../facts/serviceFacts';
import { servicePorts } from '../facts/servicePorts';
import { mtlsPorts } from '../facts/mtlsPorts';
import { strictOutlook } from '../facts/strictOutlook';
import { tokensOf } from './tokens';
import type { HealthService } from '../health/HealthService';
import { measuredPlace } from '../health/measuredPlace';

/** The mTLS tab. */
export class SecurityService {
  static create(options: {
    metrics: MetricsService;
    owners: OwnerLookup;
    health: HealthService;
  }) {
    return new SecurityService(options);
  }

  private constructor(
    private readonly services: Parameters<typeof SecurityService.create>[0],
  ) {}

  async view(
    clusters: ClusterReader,
    placement: Placement,
    window: TimeWindow,
  ): Promise<SecurityView> {
    const { metrics, health } = this.services;
    const { namespace, service } = placement;
    const snapshot = await clusters.snapshot(placement.cluster);
    const { set, source } = snapshot;
    const [asked, judged] = await Promise.all([
      settled(
        'prometheus',
        { requests: metrics.traffic(measuredPlace(set, placement), window) },
        { absent: 'No Prometheus is configured: set mesh.prometheus.url.' },
      ),
      health.of(snapshot, placement),
    ]);
    const { requests: traffic } = asked.values;
    const facts = serviceFacts(set, placement);
    const findings = facts.findings.filter(({ object }) =>
      /Policy|Authentication/.test(object.kind),
    );
    const ports = mtlsPorts(set, placement);
    const callers = callersOf(set, placement, traffic);
    const [target] = facts.workloads;
    const name = { namespace, name: service };
    return {
      placement,
      window,
      ...judged,
      sources: [source, asked.source],
      findings,
      ports,
      callers,
      policies: [
        ...objectsFor(set, namespace, service),
        ...attachedTo(set, 'RequestAuthentication', name),
      ]
        .filter(({ kind }) => /Policy|Authentication/.test(kind))
        .map(toObjectYaml),
      ifStrict: strictOutlook(set, {
        placement,
        workloads: facts.workloads,
        ports,
        callers,
        isWatched: traffic !== undefined,
      }),
      tokens: tokensOf(set, target, name),
      mtlsShare: traffic?.mtlsShare,
    };
  }

  /** The view with the callers' owners, as far as the reader may see them. */
  async withOwners(
    view: SecurityView,
    clusters: ClusterReader,
    credentials: BackstageCredentials,
  ): Promise<SecurityView> {
    const { owners } = this.services;
    const { cluster: name } = view.placement;
    const { set } = await clusters.snapshot(name);
    const cluster = { name, set };
    const [callers, breaks] = await Promise.all([
      owners.withOwners(view.callers, cluster, credentials),
      owners.withOwners(view.ifStrict.breaks, cluster, credentials),
    ]);
    return { ...view, callers, ifStrict: { ...view.ifStrict, breaks } };
  }

  /** How one concrete call ends. @throws InputError for a caller that is not there. */
  async tryCall(
    clusters: ClusterReader,
    placement: Placement,
    request: TryCallRequest,
  ): Promise<TryCallResult> {
    const { set } = await clusters.snapshot(placement.cluster);
    const [target] = workloadsOf(set, placement.namespace, placement.service);
    if (!target) {
      throw new InputError(
        `Service ${placement.service} selects no workload, so nothing answers.`,
      );
    }
    const caller = request.from ? callerOf(set, request.from) : undefined;
    const port = request.port ?? servicePorts(set, placement)[0]?.port ?? 80;
    const link = connection(set, caller, {
      workload: target,
      service: { namespace: placement.namespace, name: placement.service },
      port,
    });
    if (link.outcome === 'refused') {
      return {
        outcome: 'refused',
        sentence: asSentence(link.why),
        decidedBy: link.server.decidedBy,
      };
    }
    const decision = evaluateAccess(set, target, {
      principal: link.outcome === 'mtls' ? caller?.principal : undefined,
      port: targetPortOf(serviceOf(set, placement), port, target),
      method: request.method,
      path: request.path,
      host: placement.service,
      jwt: request.jwt && { claims: claimsOf(request.jwt) },
      service: { namespace: placement.namespace, name: placement.service },
    });
    return decision.allowed
      ? {
          outcome: 'allowed',
          sentence: asSentence(`${how(link)}: ${decision.reason}`),
          decidedBy: decision.decidedBy?.policy,
        }
      : {
          outcome: 'denied',
          status: decision.status ?? 403,
          sentence: asSentence(`${how(link)}: ${decision.reason}`),
          decidedBy: decision.decidedBy?.policy,
        };
  }
}

function claimsOf({ issuer, subject, claims }: TryCallToken) {
  return { ...claims, iss: issuer, ...(subject ? { sub: subject } : {}) };
}

/** What came of it stands beside: this says why. */
function asSentence(why: string): string {
  return `${why.charAt(0).toUpperCase()}${why.slice(1)}.`;
}

function how(link: ConnectionVerdict): string {
  return link.outcome === 'mtls' ? 'over mTLS' : 'unencrypted';
}

function callerOf(set: MeshObjects, name: string): Workload {
  const [namespace, workload] = name.split('/');
  const caller =
    hasNamespace(set, namespace) &&
    findWorkload(set, namespace, workload ?? '');
  if (!caller) {
    throw new InputError(
      `There is no workload "${name.slice(
        0,
        100,
      )}": expected namespace/name of a Deployment.`,
    );
  }
  return caller;
}

function serviceOf(
  set: MeshObjects,
  placement: Placement,
): KubeObject | undefined {
  return set.get('Service', placement.namespace, placement.service);
}
