import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { KubeObject } from '@meshdeck/istio-config';
import { parseAllDocuments } from 'yaml';
import { readRuleGroups, RuleGroup } from '../prometheus/rules/RuleGroup';
import { readTrafficProfile } from '../traffic/readTrafficProfile';
import type { TrafficProfile } from '../traffic/TrafficProfile';

/** One of `examples/platforms/*`. */
export interface Platform {
  name: string;
  objects: readonly KubeObject[];
  traffic?: TrafficProfile;
  rules: readonly RuleGroup[];
}

/** Reads a platform's folder: `manifests/` (with folders below), `traffic.yaml` and `rules.yaml`, where there are any. */
export function loadPlatform(directory: string): Platform {
  const name = basename(resolve(directory));
  const traffic = textOf(join(directory, 'traffic.yaml'));
  const rules = textOf(join(directory, 'rules.yaml'));
  return {
    name,
    objects: yamlFiles(join(directory, 'manifests')).flatMap(readObjects),
    traffic:
      traffic === undefined ? undefined : readTrafficProfile(name, traffic),
    rules: rules === undefined ? [] : readRuleGroups(rules),
  };
}

/** All platforms' objects; what several bring, such as the control plane, is there once. */
export function objectsOf(platforms: readonly Platform[]): KubeObject[] {
  const byKey = new Map<string, KubeObject>();
  for (const object of platforms.flatMap(({ objects }) => objects)) {
    const { kind, metadata } = object;
    const key = `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
    if (!byKey.has(key)) {
      byKey.set(key, object);
    }
  }
  return [...byKey.values()];
}

function yamlFiles(directory: string): string[] {
  if (!existsSync(directory)) {
    return [];
  }
  return readdirSync(directory, { recursive: true, encoding: 'utf8' })
    .filter(path => /\.ya?ml$/.test(path))
    .sort()
    .map(path => join(directory, path));
}

function readObjects(file: string): KubeObject[] {
  return parseAllDocuments(readFileSync(file, 'utf8')).flatMap(document => {
    if (document.errors.length > 0) {
      throw new Error(`${file}: ${document.errors[0].message}`);
    }
    const object = document.toJS({ maxAliasCount: 100 });
    return object === null ? [] : [object as KubeObject];
  });
}

function textOf(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}
