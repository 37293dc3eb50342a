import { parse } from 'yaml';
import type {
  OnwardCall,
  Operation,
  ServiceName,
  ServiceProfile,
  TrafficEntry,
  TrafficProfile,
  VersionBehaviour,
} from './TrafficProfile';

type Block = Record<string, unknown>;

/** Reads a platform's `traffic.yaml`. What it cannot read it refuses, with the place. */
export function readTrafficProfile(
  platform: string,
  yaml: string,
): TrafficProfile {
  const root = block(parse(yaml, { maxAliasCount: 100 }) ?? {}, 'the file');
  const day = block(root.day ?? {}, 'day');
  return {
    platform,
    day: {
      peakHourUtc: numberIn(day.peakHourUtc ?? 14, 0, 24, 'day.peakHourUtc'),
      trough: numberIn(day.trough ?? 0.5, 0.1, 1, 'day.trough'),
    },
    tenants: list(root.tenants, 'tenants').map(String),
    users: numberIn(root.users ?? 100, 1, 1e6, 'users'),
    applicationSpans: root.applicationSpans === true,
    gateways: stringMap(root.gateways, 'gateways'),
    entries: list(root.entries, 'entries').map(readEntry),
    services: list(root.services, 'services').map(readService),
  };
}

function readEntry(value: unknown, index: number): TrafficEntry {
  const place = `entries[${index}]`;
  const entry = block(value, place);
  const from = block(entry.from, `${place}.from`);
  return {
    from: {
      namespace: text(from.namespace, `${place}.from.namespace`),
      workload: text(from.workload, `${place}.from.workload`),
    },
    through:
      from.gateway === undefined
        ? undefined
        : {
            gateway: text(from.gateway, `${place}.from.gateway`),
            host: text(from.host, `${place}.from.host`),
          },
    to: serviceName(entry.to, `${place}.to`),
    port: optionalPort(entry.port, `${place}.port`),
    request: operation(entry.request, `${place}.request`),
    requestsPerSecond: numberIn(
      entry.requestsPerSecond,
      0,
      1e6,
      `${place}.requestsPerSecond`,
    ),
    headers: list(entry.headers, `${place}.headers`).map((item, position) => {
      const at = `${place}.headers[${position}]`;
      const variant = block(item, at);
      return {
        share: numberIn(variant.share, 0, 1, `${at}.share`),
        set: stringMap(variant.set, `${at}.set`),
      };
    }),
  };
}

function readService(value: unknown, index: number): ServiceProfile {
  const place = `services[${index}]`;
  const service = block(value, place);
  return {
    service: serviceName(service.service, `${place}.service`),
    versions: list(service.versions, `${place}.versions`).map(
      (item, position) => readVersion(item, `${place}.versions[${position}]`),
    ),
    calls: list(service.calls, `${place}.calls`).map((item, position) =>
      readCall(item, `${place}.calls[${position}]`),
    ),
  };
}

function readVersion(value: unknown, place: string): VersionBehaviour {
  const version = block(value, place);
  return {
    version: text(version.version, `${place}.version`),
    errorRate: numberIn(version.errorRate ?? 0, 0, 1, `${place}.errorRate`),
    p50Ms: numberIn(version.p50Ms, 0.1, 3_600_000, `${place}.p50Ms`),
    p99Ms: numberIn(version.p99Ms, 0.1, 3_600_000, `${place}.p99Ms`),
  };
}

function readCall(value: unknown, place: string): OnwardCall {
  const call = block(value, place);
  return {
    during: operation(call.during, `${place}.during`),
    to: serviceName(call.to, `${place}.to`),
    port: optionalPort(call.port, `${place}.port`),
    request: operation(call.request, `${place}.request`),
    times: numberIn(call.times ?? 1, 0, 1000, `${place}.times`),
    needed: call.needed === true,
  };
}

function refuse(place: string, expected: string): never {
  throw new Error(`traffic profile: ${place} must be ${expected}`);
}

function block(value: unknown, place: string): Block {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Block)
    : refuse(place, 'a mapping');
}

function list(value: unknown, place: string): unknown[] {
  if (value === undefined) {
    return [];
  }
  return Array.isArray(value) ? value : refuse(place, 'a list');
}

function text(value: unknown, place: string): string {
  return typeof value === 'string' && value !== ''
    ? value
    : refuse(place, 'a text');
}

function numberIn(
  value: unknown,
  least: number,
  most: number,
  place: string,
): number {
  return typeof value === 'number' && value >= least && value <= most
    ? value
    : refuse(place, `a number from ${least} to ${most}`);
}

function optionalPort(value: unknown, place: string): number | undefined {
  return value === undefined ? undefined : numberIn(value, 1, 65_535, place);
}

function stringMap(value: unknown, place: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(block(value ?? {}, place)).map(([key, item]) => [
      key,
      String(item),
    ]),
  );
}

function serviceName(value: unknown, place: string): ServiceName {
  const [namespace, name, ...rest] = text(value, place).split('/');
  return namespace && name && rest.length === 0
    ? { namespace, name }
    : refuse(place, 'namespace/name');
}

function operation(value: unknown, place: string): Operation {
  const [method, path, ...rest] = text(value, place).split(' ');
  return method && path?.startsWith('/') && rest.length === 0
    ? { method, path }
    : refuse(place, 'a method and a path, as "GET /health"');
}
