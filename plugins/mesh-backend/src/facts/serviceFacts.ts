import {
  effectiveRoutes,
  EffectiveRoutes,
  Finding as RuleFinding,
  findingsFor,
  isConnectionPort,
  MeshObjects,
  Workload,
  workloadsOf,
} from '@meshdeck/istio-config';
import type {
  Finding,
  Placement,
  RouteRuleView,
} from '@meshdeck/plugin-mesh-common';
import { toRuleView } from './destinations';
import { isClosedToPlaintext } from './isClosedToPlaintext';
import { mtlsPorts } from './mtlsPorts';
import { toFinding } from './objects';
import { OpenPort, openPortsOf } from './openPorts';
import { servicePorts } from './servicePorts';

/** What the objects alone say of a service; the same value as long as nothing that it was derived from changes. */
export interface ServiceFacts {
  routes: EffectiveRoutes;
  /** Without live numbers. */
  rules: RouteRuleView[];
  findings: Finding[];
  workloads: readonly Workload[];
  /** Whether any workload has a proxy. */
  inMesh: boolean;
  /** Whether Istio may see requests on one of its ports, and not only connections. */
  takesRequests: boolean;
  /** Where plaintext gets in although a policy says STRICT. */
  openPorts: readonly OpenPort[];
  /** Whether only encrypted calls get in. */
  isClosedToPlaintext: boolean;
}

export function serviceFacts(
  set: MeshObjects,
  placement: Pick<Placement, 'namespace' | 'service'>,
): ServiceFacts {
  return set.derive(factsOf, `${placement.namespace}/${placement.service}`);
}

function factsOf(set: MeshObjects, key: string): ServiceFacts {
  const [namespace, service] = key.split('/');
  const routes = effectiveRoutes(set, {
    namespace,
    service,
    from: { type: 'mesh', namespace },
  });
  const workloads = workloadsOf(set, namespace, service);
  const ports = mtlsPorts(set, { namespace, service });
  return {
    routes,
    rules: routes.rules.map(rule => toRuleView(rule, routes.rules)),
    findings: set
      .derive(findingsOf, key)
      .map(finding => toFinding(finding, { namespace })),
    workloads,
    takesRequests: servicePorts(set, { namespace, service }).some(
      ({ port }) =>
        !isConnectionPort(set.get('Service', namespace, service), port),
    ),
    inMesh: workloads.some(({ dataPlane }) => dataPlane !== 'none'),
    openPorts: openPortsOf(ports, workloads),
    isClosedToPlaintext: isClosedToPlaintext(ports),
  };
}

function findingsOf(set: MeshObjects, key: string): readonly RuleFinding[] {
  const [namespace, service] = key.split('/');
  return findingsFor(set, namespace, service);
}
