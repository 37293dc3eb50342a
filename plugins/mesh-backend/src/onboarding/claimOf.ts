import { type Entity, parseEntityRef } from '@backstage/catalog-model';
import { itemsOf, type KubeObject, ownField } from '@meshdeck/istio-config';
import {
  ANNOTATION_KUBERNETES_CLUSTER,
  ANNOTATION_MESHDECK_ENTITY,
  ANNOTATION_MESHDECK_ONBOARDING,
  ANNOTATION_MESHDECK_OWNER,
  ANNOTATION_MESHDECK_SERVICES,
  ANNOTATION_MESHDECK_SYSTEM,
  LABEL_MESHDECK_ONBOARDED,
} from '@meshdeck/plugin-mesh-common';
import { namedEntities } from '../placements/namedEntities';
import { FIELD_MANAGER } from '../cluster/KubernetesClient';
import { isSystemNamespace } from '../placements/systemNamespaces';
import { markedOwner } from './marks';
import { openOwners } from './openOwners';

/** What a Service with the mark of onboarding says, and whether it is believed. */
export interface Claim {
  entityRef: string;
  /** Absent where it is not believed. */
  entity?: Entity;
  /** Why it is not believed. */
  doubt?: string;
  /** `namespace/name` of the Service. */
  place: string;
  cluster: string;
  since: string;
}

/** Where the Service stands. */
export interface ClaimPlace {
  cluster: string;
  namespace: KubeObject | undefined;
  rootNamespace: string;
}

/**
 * Whoever may create a Service can write any mark on it. So the owner is believed only where the namespace itself is open
 * to that owner, and the marks only as they are written by Meshdeck: on a Service of the entity's own name.
 */
export function claimOf(service: KubeObject, where: ClaimPlace): Claim {
  const { namespace, name, creationTimestamp } = service.metadata;
  const entityRef = `component:default/${name}`;
  const owner = markedOwner(service);
  const doubt = doubtOf(service, entityRef, owner, where);
  return {
    entityRef,
    ...(doubt || !owner
      ? { doubt }
      : { entity: entityOf(service, entityRef, owner, where.cluster) }),
    place: `${namespace}/${name}`,
    cluster: where.cluster,
    since: creationTimestamp ?? '',
  };
}

function doubtOf(
  service: KubeObject,
  entityRef: string,
  owner: string | undefined,
  { namespace, rootNamespace }: ClaimPlace,
): string | undefined {
  if (isSystemNamespace(service.metadata.namespace, rootNamespace)) {
    return 'its namespace belongs to the platform';
  }
  if (!namedEntities(service).includes(entityRef)) {
    return `it does not name ${entityRef}, the entity of its own name`;
  }
  if (!owner || !openOwners(namespace).includes(owner)) {
    return `its namespace is not open to ${
      owner ?? 'the owner it names'
    } by its annotation ${ANNOTATION_MESHDECK_ONBOARDING}`;
  }
  const others = otherWriters(service);
  return others.length
    ? `its marks were written by ${others.join(' and ')}, not by Meshdeck`
    : undefined;
}

const MARKS = [
  ['f:labels', LABEL_MESHDECK_ONBOARDED],
  ['f:annotations', ANNOTATION_MESHDECK_ENTITY],
  ['f:annotations', ANNOTATION_MESHDECK_OWNER],
];
/** Kubernetes puts the oldest of many writers together under this name. */
const FORGOTTEN = 'ancient-changes';

/** Who wrote marks that Meshdeck did not write, as far as Kubernetes remembers. */
function otherWriters({ metadata }: KubeObject): string[] {
  const entries = itemsOf(metadata.managedFields);
  return MARKS.flatMap(([part, mark]) => {
    const writers = entries
      .filter(entry => {
        const fields = ownField(ownField(entry, 'fieldsV1'), 'f:metadata');
        return ownField(ownField(fields, part), `f:${mark}`) !== undefined;
      })
      .map(entry => String(ownField(entry, 'manager')));
    return writers.some(name => [FIELD_MANAGER, FORGOTTEN].includes(name))
      ? []
      : writers.slice(0, 1);
  }).filter((name, index, all) => all.indexOf(name) === index);
}

function entityOf(
  { metadata }: KubeObject,
  entityRef: string,
  owner: string,
  cluster: string,
): Entity {
  const { namespace, name, annotations } = metadata;
  const location = `meshdeck:${cluster}/${namespace}/${name}`;
  const entity = parseEntityRef(entityRef);
  const system = annotations?.[ANNOTATION_MESHDECK_SYSTEM];
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: {
      name: entity.name,
      namespace: entity.namespace,
      description: annotations?.['meshdeck.io/description'],
      labels: { [LABEL_MESHDECK_ONBOARDED]: 'true' },
      annotations: {
        [ANNOTATION_MESHDECK_SERVICES]: `${namespace}/${name}`,
        [ANNOTATION_KUBERNETES_CLUSTER]: cluster,
        'backstage.io/managed-by-location': location,
        'backstage.io/managed-by-origin-location': location,
      },
    },
    spec: {
      type: 'service',
      lifecycle: 'experimental',
      owner,
      ...(system ? { system } : {}),
    },
  };
}
