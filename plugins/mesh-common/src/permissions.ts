import { RESOURCE_TYPE_CATALOG_ENTITY } from '@backstage/plugin-catalog-common/alpha';
import { createPermission } from '@backstage/plugin-permission-common';

/** See what the mesh does with the services of an entity. @public */
export const meshServiceReadPermission = createPermission({
  name: 'mesh.service.read',
  attributes: { action: 'read' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Change routes, timeouts and protection of a service of an entity. @public */
export const meshServiceChangePermission = createPermission({
  name: 'mesh.service.change',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Move traffic between the versions of a service of an entity. @public */
export const meshCanaryRunPermission = createPermission({
  name: 'mesh.canary.run',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** Change the mTLS of a service of an entity, and who may call it. @public */
export const meshSecurityChangePermission = createPermission({
  name: 'mesh.security.change',
  attributes: { action: 'update' },
  resourceType: RESOURCE_TYPE_CATALOG_ENTITY,
});

/** See all services of the mesh at once, its control plane, clusters and sources. @public */
export const meshFleetReadPermission = createPermission({
  name: 'mesh.fleet.read',
  attributes: { action: 'read' },
});

/** Bring a new service into the mesh; which namespaces are open to whom, the namespaces themselves say. @public */
export const meshServiceOnboardPermission = createPermission({
  name: 'mesh.service.onboard',
  attributes: { action: 'create' },
});

/** All permissions of the mesh plugin. @public */
export const meshPermissions = [
  meshServiceReadPermission,
  meshServiceChangePermission,
  meshCanaryRunPermission,
  meshSecurityChangePermission,
  meshFleetReadPermission,
  meshServiceOnboardPermission,
];
