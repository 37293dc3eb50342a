import { parse } from 'yaml';
import type { KubeObject } from './kube/KubeObject';
import { fieldsOf, isMap, itemsOf, ownField, textsOf } from './kube/reading';

/** The parts of Istio's MeshConfig that decide how traffic flows. Defaults: istio pkg/config/mesh/mesh.go. @public */
export interface MeshConfig {
  rootNamespace: string;
  trustDomain: string;
  /** Other trust domains whose identities count as the mesh’s own. */
  trustDomainAliases?: string[];
  /** What proxies do to paths before they look at them; BASE where not said. */
  pathNormalization?:
    | 'NONE'
    | 'BASE'
    | 'MERGE_SLASHES'
    | 'DECODE_AND_MERGE_SLASHES';
  /** Kubernetes' cluster domain, as `cluster.local`. */
  domain: string;
  enableAutoMtls: boolean;
  outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  defaultVirtualServiceExportTo: string[];
  defaultDestinationRuleExportTo: string[];
  defaultServiceExportTo: string[];
  /** Names of the extension providers that access logs go to where no Telemetry says otherwise. */
  defaultAccessLogging?: string[];
  /** `defaultConfig.proxyMetadata`. */
  proxyMetadata?: Record<string, string>;
  extensionProviders?: { name: string; type: string }[];
  /** How often a rule without retries of its own tries again. */
  defaultHttpRetryPolicy?: Record<string, any>;
  /** Lies under every DestinationRule: its `connectionPool` and `outlierDetection`. */
  defaultTrafficPolicy?: Record<string, any>;
  /** These two hold where no DestinationRule has either; the first goes before the second. */
  zoneAwareLbSetting?: Record<string, any>;
  localityLbSetting?: Record<string, any>;
}

const PATH_NORMALIZATIONS = [
  'NONE',
  'BASE',
  'MERGE_SLASHES',
  'DECODE_AND_MERGE_SLASHES',
] as const;

/** All that a mesh's traffic policy has. Source: istio pilot/pkg/networking/core/cluster_traffic_policy.go, applyDefaultTrafficPolicy. */
const BASELINE_BLOCKS = ['connectionPool', 'outlierDetection'];

/** @public */
export const DEFAULT_MESH_CONFIG: MeshConfig = {
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  domain: 'cluster.local',
  enableAutoMtls: true,
  outboundTrafficPolicy: 'ALLOW_ANY',
  defaultVirtualServiceExportTo: ['*'],
  defaultDestinationRuleExportTo: ['*'],
  defaultServiceExportTo: ['*'],
};

/** Reads the `mesh` key of the ConfigMap `istio`; what is missing or unreadable is left out. @public */
export function readMeshConfig(
  configMap: KubeObject | undefined,
): Partial<MeshConfig> {
  const text = configMap?.data?.mesh;
  if (typeof text !== 'string') {
    return {};
  }
  return meshConfigFromYaml(text) ?? {};
}

/** Reads MeshConfig as YAML; undefined where it is not readable as a map. @public */
export function meshConfigFromYaml(
  text: string,
): Partial<MeshConfig> | undefined {
  let mesh: unknown;
  try {
    mesh = parse(text, { maxAliasCount: 100 }) ?? {};
  } catch {
    return undefined;
  }
  return isMap(mesh) ? partsOf(mesh) : undefined;
}

function partsOf(mesh: Record<string, any>): Partial<MeshConfig> {
  const config: Partial<MeshConfig> = securityPartsOf(mesh);
  if (typeof mesh.rootNamespace === 'string' && mesh.rootNamespace) {
    config.rootNamespace = mesh.rootNamespace;
  }
  if (typeof mesh.trustDomain === 'string') {
    config.trustDomain = mesh.trustDomain;
  }
  if (typeof mesh.enableAutoMtls === 'boolean') {
    config.enableAutoMtls = mesh.enableAutoMtls;
  }
  if (mesh.outboundTrafficPolicy?.mode === 'REGISTRY_ONLY') {
    config.outboundTrafficPolicy = 'REGISTRY_ONLY';
  }
  for (const key of [
    'defaultVirtualServiceExportTo',
    'defaultDestinationRuleExportTo',
    'defaultServiceExportTo',
  ] as const) {
    if (Array.isArray(mesh[key]) && mesh[key].length > 0) {
      config[key] = mesh[key].map(String);
    }
  }
  const logging = textsOf(ownField(mesh.defaultProviders, 'accessLogging'));
  if (logging.length > 0) {
    config.defaultAccessLogging = logging;
  }
  const metadata = ownField(mesh.defaultConfig, 'proxyMetadata');
  if (isMap(metadata)) {
    config.proxyMetadata = Object.fromEntries(
      fieldsOf(metadata).map(([key, value]) => [key, String(value)]),
    );
  }
  if (isMap(mesh.defaultHttpRetryPolicy)) {
    config.defaultHttpRetryPolicy = mesh.defaultHttpRetryPolicy;
  }
  if (isMap(mesh.defaultTrafficPolicy)) {
    config.defaultTrafficPolicy = Object.fromEntries(
      fieldsOf(mesh.defaultTrafficPolicy).filter(([block]) =>
        BASELINE_BLOCKS.includes(block),
      ),
    );
  }
  for (const key of ['zoneAwareLbSetting', 'localityLbSetting'] as const) {
    if (isMap(mesh[key])) {
      config[key] = mesh[key];
    }
  }
  return config;
}

/** What policies rest on. */
function securityPartsOf(mesh: Record<string, any>): Partial<MeshConfig> {
  const config: Partial<MeshConfig> = {
    extensionProviders: itemsOf(mesh.extensionProviders)
      .filter(isMap)
      .map(({ name, ...types }) => ({
        name: String(name),
        type: Object.keys(types)[0] ?? '',
      })),
  };
  const aliases = textsOf(mesh.trustDomainAliases);
  if (aliases.length > 0) {
    config.trustDomainAliases = aliases;
  }
  const normalization = PATH_NORMALIZATIONS.find(
    setting => setting === ownField(mesh.pathNormalization, 'normalization'),
  );
  if (normalization) {
    config.pathNormalization = normalization;
  }
  return config;
}
