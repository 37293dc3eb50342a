import type {
  OnwardCall,
  ServiceName,
  ServiceProfile,
  TrafficEntry,
  TrafficProfile,
} from '../traffic/TrafficProfile';
import {
  nameOf,
  namespaceOf,
  neighbourOf,
  parentOf,
  positionOf,
  SERVICES_PER_NAMESPACE,
} from './GeneratedService';

const GATEWAY = 'istio-ingressgateway';
const ROOT_NAMESPACE = 'istio-system';
const READ = { method: 'GET', path: '/api/items' };
const REPORT = { method: 'GET', path: '/api/reports' };

/** One profile for each namespace: what is asked about one is worked out without the others. */
export function generatedTraffic(services: number): TrafficProfile[] {
  const profiles: TrafficProfile[] = [];
  for (let first = 1; first <= services; first += SERVICES_PER_NAMESPACE) {
    const last = Math.min(first + SERVICES_PER_NAMESPACE - 1, services);
    profiles.push(namespaceTraffic(first, last));
  }
  return profiles;
}

function namespaceTraffic(first: number, last: number): TrafficProfile {
  const namespace = namespaceOf(first);
  const indexes = Array.from(
    { length: last - first + 1 },
    (_, offset) => first + offset,
  );
  const before = neighbourOf(first);
  return {
    platform: namespace,
    day: { peakHourUtc: first % 24, trough: 0.5 },
    tenants: [],
    users: 100,
    applicationSpans: false,
    gateways: {},
    entries: [
      fromOutside(first),
      ...indexes.flatMap(index => {
        const caller = neighbourOf(index);
        return caller === undefined ? [] : [ofItsOwnAccord(caller, index)];
      }),
    ],
    services: indexes.map(index => serviceProfile(index, last)),
    scope: {
      callers: [
        ROOT_NAMESPACE,
        namespace,
        ...(before === undefined ? [] : [namespaceOf(before)]),
      ],
      called: [namespace],
    },
  };
}

function serviceName(index: number): ServiceName {
  return { namespace: namespaceOf(index), name: nameOf(index) };
}

function fromOutside(index: number): TrafficEntry {
  const { namespace, name } = serviceName(index);
  return {
    from: { namespace: ROOT_NAMESPACE, workload: GATEWAY },
    through: {
      gateway: `${namespace}/${name}`,
      host: `${name}.mesh.example.com`,
    },
    to: { namespace, name },
    request: READ,
    requestsPerSecond: 20 + (index % 30),
    headers: [],
  };
}

function ofItsOwnAccord(caller: number, index: number): TrafficEntry {
  return {
    from: { namespace: namespaceOf(caller), workload: nameOf(caller) },
    to: serviceName(index),
    request: REPORT,
    requestsPerSecond: 1 + (index % 3),
    headers: [],
  };
}

function serviceProfile(index: number, last: number): ServiceProfile {
  const calls: OnwardCall[] = [];
  for (let child = index + 1; child <= last; child++) {
    if (parentOf(child) === index) {
      calls.push({
        during: READ,
        to: serviceName(child),
        request: READ,
        times: 0.5 + (child % 2) * 0.25,
        needed: positionOf(child) % 2 === 1,
      });
    }
  }
  const p50Ms = 4 + (index % 40);
  return {
    service: serviceName(index),
    versions: [
      {
        version: 'stable',
        errorRate: (index % 7) / 1000,
        p50Ms,
        p99Ms: p50Ms * 5,
      },
      {
        version: 'canary',
        errorRate: (index % 5) / 200,
        p50Ms: p50Ms * 1.2,
        p99Ms: p50Ms * 7,
      },
    ],
    calls,
  };
}
