import { readFile, readdir } from 'fs/promises';
import path from 'path';
import { parse, parseAllDocuments } from 'yaml';
import type { AnyObject } from './KubeApi';
import { run } from './run';

/** What istiod would run in; here it is started as a program. */
const LEFT_OUT = [
  'Deployment',
  'HorizontalPodAutoscaler',
  'PodDisruptionBudget',
];

export const ROOT_NAMESPACE = 'istio-system';

/** Envoy's fields of a request, as a proxy writes them into its log; a name begins with `own_` where Istio's default log lacks it. */
const LOG_FIELDS = {
  start_time: '%START_TIME%',
  method: '%REQ(:METHOD)%',
  path: '%REQ(X-ENVOY-ORIGINAL-PATH?:PATH)%',
  protocol: '%PROTOCOL%',
  response_code: '%RESPONSE_CODE%',
  response_flags: '%RESPONSE_FLAGS%',
  response_code_details: '%RESPONSE_CODE_DETAILS%',
  connection_termination_details: '%CONNECTION_TERMINATION_DETAILS%',
  bytes_received: '%BYTES_RECEIVED%',
  bytes_sent: '%BYTES_SENT%',
  duration: '%DURATION%',
  request_id: '%REQ(X-REQUEST-ID)%',
  authority: '%REQ(:AUTHORITY)%',
  upstream_host: '%UPSTREAM_HOST%',
  upstream_cluster: '%UPSTREAM_CLUSTER_RAW%',
  upstream_local_address: '%UPSTREAM_LOCAL_ADDRESS%',
  downstream_local_address: '%DOWNSTREAM_LOCAL_ADDRESS%',
  downstream_remote_address: '%DOWNSTREAM_REMOTE_ADDRESS%',
  downstream_direct_remote_address: '%DOWNSTREAM_DIRECT_REMOTE_ADDRESS%',
  requested_server_name: '%REQUESTED_SERVER_NAME%',
  route_name: '%ROUTE_NAME%',
  own_peer: '%DOWNSTREAM_PEER_URI_SAN%',
  own_upstream_peer: '%UPSTREAM_PEER_URI_SAN%',
  own_grpc_status: '%GRPC_STATUS_NUMBER%',
  own_content_type: '%REQ(CONTENT-TYPE)%',
};

/** A provider that the mesh is told of: `{ name, … }` as MeshConfig has it. */
export type ExtensionProvider = Record<string, unknown> & { name: string };

export interface ManifestOptions {
  istioctl: string;
  /** Absent: the default revision. */
  revision?: string;
  providers: readonly ExtensionProvider[];
  /** Names of providers of traces; none where the machine has no tracing. */
  tracing: readonly string[];
  /** Laid over MeshConfig. */
  meshConfig?: Record<string, unknown>;
}

/** Istio's own objects for a mesh whose proxies are plain Envoys. */
export async function istioManifests(
  options: ManifestOptions,
): Promise<AnyObject[]> {
  const { istioctl, revision, providers, tracing, meshConfig } = options;
  const wanted = {
    apiVersion: 'install.istio.io/v1alpha1',
    kind: 'IstioOperator',
    spec: {
      profile: 'minimal',
      ...(revision ? { revision } : {}),
      meshConfig: {
        // A proxy has to be able to open it: the working directory is its own.
        accessLogFile: './access.log',
        accessLogEncoding: 'JSON',
        accessLogFormat: JSON.stringify(LOG_FIELDS),
        extensionProviders: providers,
        defaultConfig: { concurrency: 1, drainDuration: '1s' },
        ...meshConfig,
      },
    },
  };
  const printed = await run(istioctl, ['manifest', 'generate', '-f', '-'], {
    input: JSON.stringify(wanted),
  });
  return readObjects(printed)
    .filter(({ kind }) => !LEFT_OUT.includes(kind))
    .map(object =>
      object.kind === 'ConfigMap' && object.data?.mesh
        ? withMeshConfig(object, config => ({
            ...config,
            // Istio's own filters for metrics are not in plain Envoy.
            defaultProviders: tracing.length ? { tracing } : {},
          }))
        : object,
    );
}

/** The ConfigMap with another MeshConfig in it. */
export function withMeshConfig(
  map: AnyObject,
  change: (config: Record<string, unknown>) => Record<string, unknown>,
): AnyObject {
  const config = parse(map.data!.mesh);
  return {
    ...map,
    data: { ...map.data, mesh: JSON.stringify(change(config)) },
  };
}

/** Every object of a text of YAML documents. */
export function readObjects(text: string): AnyObject[] {
  return parseAllDocuments(text)
    .map(document => document.toJS() as AnyObject | undefined)
    .filter((object): object is AnyObject => Boolean(object?.kind));
}

/** The definitions of the Gateway API, experimental ones too. */
export async function gatewayApiDefinitions(
  module: string,
): Promise<AnyObject[]> {
  const folder = path.join(module, 'config/crd/experimental');
  const files = (await readdir(folder)).filter(file => file.endsWith('.yaml'));
  const texts = await Promise.all(
    files.map(file => readFile(path.join(folder, file), 'utf8')),
  );
  return texts
    .flatMap(readObjects)
    .filter(({ kind }) => kind === 'CustomResourceDefinition');
}
