import { evaluateAccess } from '../../authorization/evaluateAccess';
import type { AccessRequest } from '../../authorization/types';
import { foretellCall } from '../../calls/foretellCall';
import type { CallOutcome } from '../../calls/types';
import { analyzeObjects } from '../../cli/analyzeObjects';
import { readYaml } from '../../cli/readYaml';
import { findings } from '../../findings/findings';
import { describeRef } from '../../kube/KubeObject';
import type { MeshObjects } from '../../MeshObjects';
import { clientTls, connection } from '../../mtls/connection';
import { effectiveMtls } from '../../mtls/effectiveMtls';
import { destinationRulesFor } from '../../routes/destinationRules';
import { effectiveRoutesOfHost } from '../../routes/effectiveRoutesOfHost';
import { routeLines } from '../../__testUtils__/routeLines';
import { injectionOf } from '../../workloads/injection';
import { findWorkload } from '../../workloads/workloads';

/** Asked of a set, and of the text that it was read from; the answer in a few words. */
export type Question = (set: MeshObjects, yaml: string) => readonly string[];

/** What somebody asked in public, with objects of our own. */
export interface Report {
  /** Its number in the list of reports; absent for what lies beside those. */
  report?: number;
  name: string;
  objects: string;
  ask: Question;
  answer: readonly string[];
}

interface Sent {
  /** `NAMESPACE/NAME` of the caller's workload. */
  from?: string;
  /** `NAMESPACE/NAME` of the Gateway that is asked, and of the workload that serves it. */
  at?: [gateway: string, workload: string];
  method?: string;
  headers?: Record<string, string>;
  /** The Host header, where it is another than the address. */
  host?: string;
}

/** Who answers a call to `http://HOST:PORT/PATH`, `tls://HOST:PORT` or `tcp://HOST:PORT`. */
export function call(url: string, sent: Sent = {}): Question {
  const [, protocol, address, port, path] =
    /^(http|tls|tcp):\/\/([^:/]+):(\d+)(.*)$/.exec(url)!;
  return set =>
    foretellCall(set, {
      protocol: protocol as 'http' | 'tls' | 'tcp',
      from: workloadNamed(set, sent.from ?? 'nova/client'),
      gateway: sent.at && {
        name: sent.at[0],
        workload: workloadNamed(set, sent.at[1]),
      },
      host: sent.host ?? address,
      port: Number(port),
      path: path || undefined,
      method: sent.method,
      headers: sent.headers,
    }).map(outcome => inShort(outcome, path || '/'));
}

function inShort(outcome: CallOutcome, path: string): string {
  switch (outcome.type) {
    case 'answered':
      return [outcome.status, outcome.location].filter(Boolean).join(' ');
    case 'reaches': {
      const pod = outcome.pod.replace(/^.*\/|-abc12-xyz$/g, '');
      return outcome.path === path ? pod : `${pod} ${outcome.path}`;
    }
    case 'leaves':
      return `leaves for ${outcome.host}:${outcome.port}`;
    default:
      return 'closed';
  }
}

/** The rules for a host, seen from a namespace of the mesh or at a gateway. */
export function routes(
  host: string,
  query: { from?: string; at?: string; port?: number } = {},
): Question {
  const { from = 'nova', at, port } = query;
  return set => {
    const found = effectiveRoutesOfHost(
      set,
      host,
      at
        ? { gateway: at, port }
        : { from: { type: 'mesh', namespace: from }, port },
    );
    return found.outOfScope
      ? [`out of scope: ${found.outOfScope.outcome}`]
      : routeLines(found);
  };
}

/** Whether a request is let in at a workload, by default at `nova`'s with the label `app: desk`. */
export function access(
  request: Partial<AccessRequest> = {},
  at: Parameters<typeof evaluateAccess>[1] = {
    namespace: 'nova',
    labels: { app: 'desk' },
  },
): Question {
  return set => {
    const { allowed, status } = evaluateAccess(set, at, {
      port: 8080,
      method: 'GET',
      path: '/',
      ...request,
    });
    return [allowed ? 'allowed' : String(status ?? 403)];
  };
}

/** What the rules find, as `CODE Kind namespace/name`: of these codes alone where any are named. */
export function problems(...codes: string[]): Question {
  return set =>
    findings(set, { details: true })
      .filter(({ code }) => !codes.length || codes.includes(code))
      .map(({ code, resource }) => `${code} ${describeRef(resource)}`);
}

/** What the command line finds in the text. */
export function analyzed(...codes: string[]): Question {
  return (_, yaml) =>
    analyzeObjects(readYaml(yaml, 'reported.yaml'), {})
      .filter(({ code }) => !codes.length || codes.includes(code))
      .map(({ code, resource }) => `${code} ${resource}`);
}

/** What a port of `nova`'s workload with the label `app: desk` takes. */
export function serverMode(port: number): Question {
  return set => [
    effectiveMtls(set, { namespace: 'nova', labels: { app: 'desk' } }, port)
      .mode,
  ];
}

interface Between {
  /** `NAMESPACE/NAME` of workloads; without a caller it has no proxy. */
  from?: string;
  to: string;
  /** `NAMESPACE/NAME` of the Service; that of the workload where not said. */
  service?: string;
  port: number;
  subset?: string;
}

const targetOf = (set: MeshObjects, between: Between) => {
  const { to, service = to, port, subset } = between;
  const [namespace, name] = service.split('/');
  const workload = workloadNamed(set, to);
  return { workload, service: { namespace, name }, port, subset };
};
const callerOf = (set: MeshObjects, { from }: Between) =>
  from ? workloadNamed(set, from) : undefined;

/** What the caller's proxy speaks to a Service. */
export function clientMode(between: Between): Question {
  return set => [
    clientTls(set, callerOf(set, between), targetOf(set, between)).mode,
  ];
}

/** How a connection ends. */
export function connected(between: Between): Question {
  return set => [
    connection(set, callerOf(set, between), targetOf(set, between)).outcome,
  ];
}

/** The DestinationRules that a namespace goes by for a host, and the subsets that they give it. */
export function ruledBy(host: string, clientNamespace = 'nova'): Question {
  return set => {
    const serviceNamespace = host.split('.')[1];
    const { rules, subsets, trafficPolicy } = destinationRulesFor(set, host, {
      clientNamespace,
      serviceNamespace,
    });
    return [
      ...rules.map(({ metadata }) => `${metadata.namespace}/${metadata.name}`),
      ...subsets.map(({ name }) => `subset ${name}`),
      ...(trafficPolicy ? [JSON.stringify(trafficPolicy)] : []),
    ];
  };
}

/** Whether istiod puts a sidecar into `nova`'s pod of this name. */
export function injected(pod = 'desk'): Question {
  return set => {
    const object = set.get('Pod', 'nova', pod)!;
    const { injects } = injectionOf(set.namespace('nova'), {
      metadata: object.metadata,
      hostNetwork: object.spec?.hostNetwork,
    });
    return [injects ? 'injected' : 'not injected'];
  };
}

function workloadNamed(set: MeshObjects, id: string) {
  const [namespace, name] = id.split('/');
  const found = findWorkload(set, namespace, name);
  if (!found) {
    throw new Error(`there is no workload ${id}`);
  }
  return found;
}
