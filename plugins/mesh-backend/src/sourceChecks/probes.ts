import { ownField } from '@meshdeck/istio-config';
import type { ClusterSources, SourceEndpoint } from '../config/MeshSettings';
import { fetchJson } from '../sources/fetchJson';
import { SourceError } from '../sources/SourceError';

/** What a source tells when it is asked whether it is there. */
export type ProbeAnswer = { version?: string };

/** A source with the cheapest questions that only it answers. */
export interface Probe {
  id: 'prometheus' | 'traces' | 'grafana';
  /** As a person knows it. */
  name: string;
  configKey: string;
  endpoint: SourceEndpoint;
  questions: ProbeQuestion[];
}

/** The next question is asked where the path of this one is not known. */
interface ProbeQuestion {
  path: string;
  /** The version where it tells one; undefined where it is no answer of such a source. */
  read(body: unknown): ProbeAnswer | undefined;
}

const PROMETHEUS: ProbeQuestion[] = [
  {
    path: '/api/v1/status/buildinfo',
    read: body =>
      succeeded(body) && {
        version: text(ownField(ownField(body, 'data'), 'version')),
      },
  },
  // Not all that speak Prometheus' API tell their version.
  {
    path: '/api/v1/query?query=1',
    read: body => succeeded(body) && {},
  },
];

const JAEGER: ProbeQuestion[] = [
  {
    path: '/api/services',
    read: body => (Array.isArray(ownField(body, 'data')) ? {} : undefined),
  },
];

const TEMPO: ProbeQuestion[] = [
  {
    path: '/api/status/buildinfo',
    read: body => {
      const version = ownField(body, 'version');
      return version ? { version: text(version) } : undefined;
    },
  },
  {
    path: '/api/search/tags',
    read: body => (Array.isArray(ownField(body, 'tagNames')) ? {} : undefined),
  },
];

const GRAFANA: ProbeQuestion[] = [
  {
    path: '/api/health',
    read: body =>
      ownField(body, 'database') !== undefined
        ? { version: text(ownField(body, 'version')) }
        : undefined,
  },
];

/** The probes of a cluster's sources, but for Kiali, which wants a login. */
export function probesOf({
  prometheus,
  tracing,
  grafana,
}: ClusterSources): Probe[] {
  return [
    prometheus && {
      id: 'prometheus' as const,
      name: 'Prometheus',
      configKey: 'mesh.prometheus.url',
      endpoint: prometheus,
      questions: PROMETHEUS,
    },
    tracing && {
      id: 'traces' as const,
      name: tracing.type === 'tempo' ? 'Tempo' : 'Jaeger',
      configKey: 'mesh.tracing.url',
      endpoint: tracing,
      questions: tracing.type === 'tempo' ? TEMPO : JAEGER,
    },
    grafana && {
      id: 'grafana' as const,
      name: 'Grafana',
      configKey: 'mesh.grafana.url',
      endpoint: grafana,
      questions: GRAFANA,
    },
  ].filter(probe => probe !== undefined);
}

/** @throws SourceError saying why it does not answer, and which key to mend. */
export async function askProbe(
  { name, configKey, endpoint, questions }: Probe,
  deadlineMs: number,
): Promise<ProbeAnswer> {
  const until = performance.now() + deadlineMs;
  let failure: unknown;
  for (const { path, read } of questions) {
    try {
      const { status, body } = await fetchJson<unknown>({
        name,
        configKey,
        endpoint,
        path,
        deadlineMs: Math.max(Math.round(until - performance.now()), 1),
      });
      const answer = status === 200 ? read(body) : undefined;
      if (answer) {
        return answer;
      }
      failure = notLike(name, configKey, status);
    } catch (error) {
      failure = error;
    }
    if (!(failure instanceof SourceError) || failure.answered !== 404) {
      break;
    }
  }
  throw failure;
}

function notLike(name: string, configKey: string, status: number): SourceError {
  const remedies: Record<number, string> = {
    401: `${name} refuses the portal (401). Check the credentials and the tenant beside ${configKey}.`,
    403: `${name} refuses the portal (403). Check the credentials and the tenant beside ${configKey}.`,
    404: `${name} has no such path (404). ${configKey} lacks a part of its path or has one too many.`,
  };
  return new SourceError(
    remedies[status] ??
      `What answers at ${configKey} does not speak like ${name} (${status}). Check that it points at ${name}.`,
    { answered: status },
  );
}

function succeeded(body: unknown): true | undefined {
  return ownField(body, 'status') === 'success' ? true : undefined;
}

function text(value: unknown): string | undefined {
  return typeof value === 'string' ? value : undefined;
}
