import { coreServices, type ServiceRef } from '@backstage/backend-plugin-api';
import {
  actionsRegistryServiceRef,
  metricsServiceRef,
} from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';

/** The services of the portal that the mesh stands on. */
export const MESH_GROUND = {
  actionsRegistry: actionsRegistryServiceRef,
  auditor: coreServices.auditor,
  auth: coreServices.auth,
  cache: coreServices.cache,
  catalog: catalogServiceRef,
  config: coreServices.rootConfig,
  // Nothing is created in it before somebody asks for its client.
  database: coreServices.database,
  discovery: coreServices.discovery,
  httpAuth: coreServices.httpAuth,
  httpRouter: coreServices.httpRouter,
  lifecycle: coreServices.lifecycle,
  logger: coreServices.logger,
  metrics: metricsServiceRef,
  permissions: coreServices.permissions,
  permissionsRegistry: coreServices.permissionsRegistry,
  scheduler: coreServices.scheduler,
  signals: signalsServiceRef,
  userInfo: coreServices.userInfo,
};

type ServiceOf<Ref> = Ref extends ServiceRef<infer Service, 'plugin' | 'root'>
  ? Service
  : never;

/** Those services, and the way into the clusters. */
export type MeshGround = {
  [Name in keyof typeof MESH_GROUND]: ServiceOf<(typeof MESH_GROUND)[Name]>;
} & { clusterAccess: MeshClusterAccess };
