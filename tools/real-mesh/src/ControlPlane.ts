import { mkdirSync, writeFileSync } from 'fs';
import path from 'path';
import { request } from 'undici';
import { type AnyObject, type ApiServer, KubeApi } from './KubeApi';
import {
  gatewayApiDefinitions,
  type ExtensionProvider,
  istioManifests,
  ROOT_NAMESPACE,
} from './manifests';
import type { Network } from './Network';
import type { Processes } from './Processes';
import type { Programs } from './programs';
import { run } from './run';
import { until } from './until';

/** The second revision. */
export const CANARY = 'canary';
const API_PORT = 6443;
const ADMIN_TOKEN = 'admin-token';
const PORTAL_TOKEN = 'portal-token';
const WITHIN_MS = 120_000;

/** Those that make Deployments, Services and namespaces work; none that looks after nodes, of which there are none. */
const CONTROLLERS = [
  'deployment-controller',
  'replicaset-controller',
  'statefulset-controller',
  'daemonset-controller',
  'job-controller',
  'endpointslice-controller',
  'endpointslice-mirroring-controller',
  'namespace-controller',
  'serviceaccount-controller',
  'garbage-collector-controller',
];

const ISTIOD_ENV = {
  POD_NAMESPACE: ROOT_NAMESPACE,
  CLUSTER_ID: 'Kubernetes',
  SERVICE_ACCOUNT: 'istiod',
  PILOT_CERT_PROVIDER: 'istiod',
  // Filters of Istio's own build of Envoy; this one is plain.
  PILOT_ENABLE_METADATA_EXCHANGE: 'false',
  PILOT_ENABLE_ALPN_FILTER: 'false',
  PILOT_DISABLE_MX_ALPN: 'true',
  PILOT_ENABLE_ALPHA_GATEWAY_API: 'true',
  // Changes follow each other fast here.
  PILOT_DEBOUNCE_AFTER: '20ms',
  ENABLE_DEBUG_ON_HTTP: 'true',
  UNSAFE_ENABLE_ADMIN_ENDPOINTS: 'true',
  GOMAXPROCS: '2',
};

/** How a mesh is to be set up. */
export interface ControlPlaneOptions {
  providers: readonly ExtensionProvider[];
  tracing: readonly string[];
  /** Laid over MeshConfig. */
  meshConfig?: Record<string, unknown>;
}

/** API server, its controllers, and istiod: programs in one network namespace. */
export class ControlPlane {
  static create(options: {
    programs: Programs;
    network: Network;
    processes: Processes;
    folder: string;
  }) {
    return new ControlPlane(options);
  }

  private kube?: KubeApi;

  private constructor(
    private readonly given: Parameters<typeof ControlPlane.create>[0],
  ) {}

  /** The API server, for whoever may do everything. */
  get api(): KubeApi {
    if (!this.kube) {
      throw new Error('The control plane was not started');
    }
    return this.kube;
  }

  get server(): ApiServer {
    return {
      url: `https://${this.given.network.controlPlaneAddress}:${API_PORT}`,
      caFile: this.file('certs/apiserver.crt'),
      token: ADMIN_TOKEN,
    };
  }

  /** Of somebody who may do nothing until a test grants it. */
  get portalToken(): string {
    return PORTAL_TOKEN;
  }

  get kubeconfig(): string {
    return this.file('kubeconfig');
  }

  async start(options: ControlPlaneOptions): Promise<void> {
    const { network, programs } = this.given;
    mkdirSync(this.file('.'), { recursive: true });
    await network.addNamespace(network.controlPlaneNamespace, 2, {
      hosts: {
        'istiod.istio-system.svc': network.controlPlaneAddress,
        [`istiod-${CANARY}.istio-system.svc`]: network.canaryAddress,
      },
    });
    await this.startApiServer();
    const manifests = await istioManifests({
      istioctl: programs.istioctl,
      ...options,
    });
    const definitions = [
      ...manifests.filter(isDefinition),
      ...(programs.gatewayApi
        ? await gatewayApiDefinitions(programs.gatewayApi)
        : []),
    ];
    await this.api.applyAll(definitions);
    await Promise.all(definitions.map(one => this.established(one)));
    await this.api.apply(namespace(ROOT_NAMESPACE));
    await this.api.applyAll(
      manifests
        .filter(object => !isDefinition(object))
        .map(object => this.reachable(object)),
    );
    await this.startIstiod();
  }

  /** A second istiod with an injector of its own, for namespaces and pods labelled `istio.io/rev: canary`. */
  async startCanary(options: ControlPlaneOptions): Promise<void> {
    const { network, programs } = this.given;
    await network.addNamespace(
      network.namespaceOf(CANARY),
      network.canaryNumber,
      {
        hosts: {
          [`istiod-${CANARY}.istio-system.svc`]: network.canaryAddress,
        },
      },
    );
    const manifests = await istioManifests({
      istioctl: programs.istioctl,
      revision: CANARY,
      ...options,
    });
    await this.api.applyAll(
      manifests
        .filter(object => !isDefinition(object))
        .map(object => this.reachable(object)),
    );
    await this.startIstiod(CANARY);
  }

  private file(name: string): string {
    return path.join(this.given.folder, name);
  }

  private async startApiServer(): Promise<void> {
    const { network, processes, programs } = this.given;
    const where = { namespace: network.controlPlaneNamespace };
    await run('openssl', ['genrsa', '-out', this.file('sa.key'), '2048']);
    writeFileSync(
      this.file('tokens.csv'),
      `${ADMIN_TOKEN},admin,admin,system:masters\n${PORTAL_TOKEN},portal,portal\n`,
    );
    processes.start('etcd', {
      ...where,
      command: programs.etcd,
      args: ['--data-dir', this.file('etcd'), '--unsafe-no-fsync'],
    });
    processes.start('kube-apiserver', {
      ...where,
      command: programs.apiServer,
      args: [
        '--etcd-servers=http://127.0.0.1:2379',
        `--cert-dir=${this.file('certs')}`,
        `--secure-port=${API_PORT}`,
        `--advertise-address=${network.controlPlaneAddress}`,
        '--service-account-issuer=https://kubernetes.default.svc',
        `--service-account-signing-key-file=${this.file('sa.key')}`,
        `--service-account-key-file=${this.file('sa.key')}`,
        '--service-cluster-ip-range=10.96.0.0/16',
        '--authorization-mode=RBAC',
        `--token-auth-file=${this.file('tokens.csv')}`,
        '--allow-privileged',
        '--endpoint-reconciler-type=none',
      ],
    });
    await until('The API server', WITHIN_MS, async () => {
      this.checkRuns('etcd', 'kube-apiserver');
      // The certificate is written at its start.
      const api = this.kube ?? KubeApi.create(this.server);
      await api.send('GET', '/readyz');
      this.kube = api;
      return true;
    });
    this.writeKubeconfig();
    processes.start('kube-controller-manager', {
      ...where,
      command: programs.controllerManager,
      args: [
        `--kubeconfig=${this.kubeconfig}`,
        `--service-account-private-key-file=${this.file('sa.key')}`,
        `--root-ca-file=${this.file('certs/apiserver.crt')}`,
        `--controllers=${CONTROLLERS.join(',')}`,
        '--leader-elect=false',
      ],
    });
  }

  private writeKubeconfig(): void {
    const { url, caFile, token } = this.server;
    const name = 'mesh';
    writeFileSync(
      this.kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        clusters: [
          { name, cluster: { server: url, 'certificate-authority': caFile } },
        ],
        users: [{ name, user: { token } }],
        contexts: [{ name, context: { cluster: name, user: name } }],
        'current-context': name,
      }),
      { mode: 0o600 },
    );
  }

  private async startIstiod(revision = 'default'): Promise<void> {
    const { network, processes, programs } = this.given;
    const isCanary = revision === CANARY;
    const name = isCanary ? `istiod-${CANARY}` : 'istiod';
    const cwd = this.file(name);
    mkdirSync(cwd, { recursive: true });
    processes.start(name, {
      namespace: isCanary
        ? network.namespaceOf(revision)
        : network.controlPlaneNamespace,
      command: programs.istiod,
      args: [
        'discovery',
        `--kubeconfig=${this.kubeconfig}`,
        '--monitoringAddr=:15014',
        '--httpAddr=:8080',
        '--grpcAddr=:15010',
        '--secureGRPCAddr=:15012',
        '--httpsAddr=:15017',
        '--domain=cluster.local',
      ],
      cwd,
      env: {
        ...process.env,
        ...ISTIOD_ENV,
        POD_NAME: `${name}-0`,
        REVISION: revision,
      },
    });
    const address = isCanary
      ? network.canaryAddress
      : network.controlPlaneAddress;
    await until('istiod', WITHIN_MS, async () => {
      this.checkRuns(name);
      const { statusCode, body } = await request(
        `http://${address}:8080/ready`,
      );
      await body.dump();
      return statusCode === 200 || undefined;
    });
    await this.untilWebhooksCarryCertificates();
  }

  /** istiod writes the certificate of its webhooks into their configuration; until then nothing is injected. */
  private async untilWebhooksCarryCertificates(): Promise<void> {
    await until('The webhooks', WITHIN_MS, async () => {
      const configurations = await this.api.list(
        'admissionregistration.k8s.io/v1',
        'MutatingWebhookConfiguration',
      );
      return (
        configurations.every(({ webhooks }) =>
          (webhooks as any[]).every(
            ({ clientConfig }) => clientConfig.caBundle,
          ),
        ) || undefined
      );
    });
  }

  /** Without a network of Services, a webhook is reached by address and name. */
  private reachable(object: AnyObject): AnyObject {
    if (!object.kind.endsWith('WebhookConfiguration')) {
      return object;
    }
    return {
      ...object,
      webhooks: (object.webhooks as any[]).map(webhook => {
        const { service, ...clientConfig } = webhook.clientConfig;
        return service
          ? {
              ...webhook,
              clientConfig: {
                ...clientConfig,
                url: `https://${service.name}.${service.namespace}.svc:15017${service.path}`,
              },
            }
          : webhook;
      }),
    };
  }

  private async established(definition: AnyObject): Promise<void> {
    await until(definition.metadata.name, WITHIN_MS, async () => {
      const { status } = await this.api.get(definition);
      return status?.conditions?.some(
        ({ type, status: is }: { type: string; status: string }) =>
          type === 'Established' && is === 'True',
      )
        ? true
        : undefined;
    });
  }

  private checkRuns(...names: string[]): void {
    const { processes } = this.given;
    for (const name of names) {
      if (!processes.isRunning(name)) {
        throw new Error(`${name} ended:\n${processes.lastWords(name)}`);
      }
    }
  }
}

function isDefinition({ kind }: AnyObject): boolean {
  return kind === 'CustomResourceDefinition';
}

function namespace(name: string): AnyObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name } };
}
