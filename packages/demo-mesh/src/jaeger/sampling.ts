import type { MeshObjects } from '@meshdeck/istio-config';
import { parse } from 'yaml';

/** Istio's default share of traced requests. */
const DEFAULT_PERCENTAGE = 1;

/**
 * The share of a namespace's requests that is traced: what its Telemetry says, else MeshConfig's `sampling`. (In a real
 * mesh the first proxy decides, which at the edge is the gateway's.)
 */
export function sampledShare(set: MeshObjects, namespace: string): number {
  const { rootNamespace } = set.meshConfig;
  for (const place of [namespace, rootNamespace]) {
    for (const telemetry of set.inNamespace('Telemetry', place)) {
      for (const tracing of telemetry.spec?.tracing ?? []) {
        if (tracing?.disableSpanReporting === true) {
          return 0;
        }
        const percentage = Number(tracing?.randomSamplingPercentage ?? NaN);
        if (percentage >= 0) {
          return Math.min(percentage, 100) / 100;
        }
      }
    }
  }
  return meshPercentage(set) / 100;
}

function meshPercentage(set: MeshObjects): number {
  const text = set.get('ConfigMap', set.meshConfig.rootNamespace, 'istio')?.data
    ?.mesh;
  try {
    const sampling =
      typeof text === 'string'
        ? parse(text, { maxAliasCount: 100 })?.defaultConfig?.tracing?.sampling
        : undefined;
    return typeof sampling === 'number' ? sampling : DEFAULT_PERCENTAGE;
  } catch {
    return DEFAULT_PERCENTAGE;
  }
}
