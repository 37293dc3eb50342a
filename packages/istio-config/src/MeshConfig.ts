import { parse } from 'yaml';
import type { KubeObject } from './kube/KubeObject';

/** The parts of Istio's MeshConfig that decide how traffic flows. Defaults: istio pkg/config/mesh/mesh.go. @public */
export interface MeshConfig {
  rootNamespace: string;
  trustDomain: string;
  /** Kubernetes' cluster domain, as `cluster.local`. */
  domain: string;
  enableAutoMtls: boolean;
  outboundTrafficPolicy: 'ALLOW_ANY' | 'REGISTRY_ONLY';
  defaultVirtualServiceExportTo: string[];
  defaultDestinationRuleExportTo: string[];
}

/** @public */
export const DEFAULT_MESH_CONFIG: MeshConfig = {
  rootNamespace: 'istio-system',
  trustDomain: 'cluster.local',
  domain: 'cluster.local',
  enableAutoMtls: true,
  outboundTrafficPolicy: 'ALLOW_ANY',
  defaultVirtualServiceExportTo: ['*'],
  defaultDestinationRuleExportTo: ['*'],
};

/** Reads the `mesh` key of the ConfigMap `istio`; what is missing or unreadable is left out. @public */
export function readMeshConfig(
  configMap: KubeObject | undefined,
): Partial<MeshConfig> {
  const text = configMap?.data?.mesh;
  if (typeof text !== 'string') {
    return {};
  }
  let mesh: Record<string, any>;
  try {
    mesh = parse(text, { maxAliasCount: 100 }) ?? {};
  } catch {
    return {};
  }
  const config: Partial<MeshConfig> = {};
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
  ] as const) {
    if (Array.isArray(mesh[key]) && mesh[key].length > 0) {
      config[key] = mesh[key].map(String);
    }
  }
  return config;
}
