import {
  Finding as RuleFinding,
  KubeObject,
  refOf,
} from '@meshdeck/istio-config';
import type {
  Finding,
  ObjectYaml,
  Placement,
} from '@meshdeck/plugin-mesh-common';
import { stringify } from 'yaml';

/** The text of an object as a person would write it: without what the API server adds. */
export function yamlOf(object: KubeObject): string {
  const { apiVersion, kind, metadata, status: _status, ...rest } = object;
  const { name, namespace, labels, annotations } = metadata;
  return stringify(
    {
      apiVersion,
      kind,
      metadata: {
        name,
        ...(namespace ? { namespace } : {}),
        ...(labels ? { labels } : {}),
        ...(annotations ? { annotations } : {}),
      },
      ...rest,
    },
    // What kubectl and Argo CD, which read YAML 1.1, would take for no text (`yes`, `0777`) is quoted.
    { lineWidth: 0, compat: 'yaml-1.1' },
  );
}

/** An object with its text, for the drawer. */
export function toObjectYaml(object: KubeObject): ObjectYaml {
  return {
    ...refOf(object),
    yaml: yamlOf(object),
    resourceVersion: object.metadata.resourceVersion,
  };
}

/** Only what lies in the namespace of the service can be mended from its page. */
export function toFinding(
  finding: RuleFinding,
  placement?: Pick<Placement, 'namespace'>,
): Finding {
  const { resource, mend, ...rest } = finding;
  return {
    ...rest,
    object: resource,
    mend: resource.namespace === placement?.namespace ? mend?.does : undefined,
  };
}
