import { InputError } from '@backstage/errors';
import type { KubeObject } from '@meshdeck/istio-config';
import type { Manifest } from '@meshdeck/plugin-mesh-common';
import type { z } from 'zod';
import {
  authorizationPolicySchema,
  peerAuthenticationSchema,
} from './manifests/securitySchemas';
import { serviceSchema } from './manifests/serviceSchema';
import type { Subject } from './manifests/Subject';
import {
  destinationRuleSchema,
  virtualServiceSchema,
} from './manifests/trafficSchemas';
import {
  deploymentSchema,
  serviceAccountSchema,
} from './manifests/workloadSchemas';
import { marked } from './marks';

interface AllowedKind {
  apiVersion: string;
  /** What its name may be: the service's with one of these after it. A closed list: `shop` has no say over `shop-admin`. */
  suffixes: readonly string[];
  schema: (subject: Subject) => z.ZodType;
}

const NETWORKING = 'networking.istio.io/v1';
const SECURITY = 'security.istio.io/v1';

/** All that onboarding writes; of each the schema has every field that it may set. */
const ALLOWED = new Map<string, AllowedKind>([
  [
    'ServiceAccount',
    { apiVersion: 'v1', suffixes: [''], schema: serviceAccountSchema },
  ],
  ['Service', { apiVersion: 'v1', suffixes: [''], schema: serviceSchema }],
  [
    'Deployment',
    {
      apiVersion: 'apps/v1',
      suffixes: ['', '-canary'],
      schema: deploymentSchema,
    },
  ],
  [
    'PeerAuthentication',
    {
      apiVersion: SECURITY,
      suffixes: ['', '-mtls'],
      schema: peerAuthenticationSchema,
    },
  ],
  [
    'AuthorizationPolicy',
    {
      apiVersion: SECURITY,
      suffixes: ['', '-policy'],
      schema: authorizationPolicySchema,
    },
  ],
  [
    'DestinationRule',
    { apiVersion: NETWORKING, suffixes: [''], schema: destinationRuleSchema },
  ],
  [
    'VirtualService',
    { apiVersion: NETWORKING, suffixes: [''], schema: virtualServiceSchema },
  ],
]);

/**
 * The manifests with the marks of the new service, if none reaches beyond it: kinds that a service needs, in the one
 * namespace, under its name, for its own pods and host, with no field that could take anything from anybody.
 * @throws InputError naming the manifest and what is wrong with it.
 */
export function checkManifests(
  manifests: readonly Manifest[],
  subject: Subject,
): KubeObject[] {
  const seen = new Set<string>();
  const checked = manifests.map(manifest => {
    const label = `${manifest.kind} ${manifest.metadata.name}`;
    if (seen.has(label)) {
      throw new InputError(`${label}: it is there twice.`);
    }
    seen.add(label);
    return marked(allowedPart(label, manifest, subject), subject);
  });
  const { name } = subject;
  if (!seen.has(`Service ${name}`)) {
    throw new InputError(`There must be a Service ${name}.`);
  }
  // Its own account is one that comes with it: another one could have rights already.
  if (
    checked.some(({ kind }) => kind === 'Deployment') &&
    !seen.has(`ServiceAccount ${name}`)
  ) {
    throw new InputError(
      `There must be a ServiceAccount ${name} for the pods.`,
    );
  }
  return checked;
}

/** Made of the fields that the schema knows: nothing else of what was sent goes on from here. */
function allowedPart(
  label: string,
  manifest: Manifest,
  subject: Subject,
): KubeObject {
  const { apiVersion, kind, metadata } = manifest;
  const allowed = ALLOWED.get(kind);
  if (allowed?.apiVersion !== apiVersion) {
    throw new InputError(
      `${label}: onboarding does not write ${kind} of ${apiVersion}.`,
    );
  }
  const names = allowed.suffixes.map(suffix => `${subject.name}${suffix}`);
  if (!names.includes(metadata.name)) {
    throw new InputError(`${label}: its name must be ${names.join(' or ')}.`);
  }
  const result = allowed.schema(subject).safeParse(manifest);
  if (!result.success) {
    throw new InputError(`${label}: ${sentenceOf(result.error.issues[0])}`);
  }
  return result.data as KubeObject;
}

function sentenceOf(issue: z.core.$ZodIssue): string {
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    return `onboarding does not write ${[place, issue.keys[0]]
      .filter(Boolean)
      .join('.')}.`;
  }
  return `${place}: ${issue.message}.`;
}
