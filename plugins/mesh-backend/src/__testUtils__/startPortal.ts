import {
  createBackendModule,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockServices,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  AuthorizeResult,
  DefinitivePolicyDecision,
  Permission,
} from '@backstage/plugin-permission-common';
import { DemoMesh, DemoMeshOptions } from '@meshdeck/demo-mesh';
import { meshClusterAccessExtensionPoint } from '@meshdeck/plugin-mesh-node';
import { join } from 'path';
import request from 'supertest';
import meshPlugin from '../index';
import { DirectAccess } from './DirectAccess';

const PLATFORMS = join(__dirname, '../../../../examples/platforms');

/** The example platforms in a stand-in cluster. */
export function startDemoMesh(
  options: Pick<DemoMeshOptions, 'scrapeIntervalMs' | 'tokens'> = {},
): Promise<DemoMesh> {
  return DemoMesh.start({
    ...options,
    platforms: ['orion', 'autolytiq'].map(name => join(PLATFORMS, name)),
  });
}

/** A catalog entity with some annotations. */
export function component(
  name: string,
  annotations: Record<string, string> = {},
): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default', annotations },
    spec: { type: 'service', owner: 'group:default/team-identity' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/team-identity' }],
  };
}

/** What a policy says that has to look at each entity first. */
const conditional: PermissionsService['authorizeConditional'] = async queries =>
  queries.map(() => ({
    result: AuthorizeResult.CONDITIONAL,
    pluginId: 'catalog',
    resourceType: 'catalog-entity',
    conditions: {
      rule: 'IS_ENTITY_OWNER',
      resourceType: 'catalog-entity',
      params: { claims: [] },
    },
  }));

/** The mesh backend over a demo mesh, driven from outside. */
export async function startPortal(options: {
  mesh: Pick<DemoMesh, 'urls'>;
  entities: Entity[];
  config?: object;
  /** Names of permissions that nobody has. */
  denied?: string[];
  groups?: string[];
  /** A policy that looks at each entity, instead of everything but `denied`. */
  authorize?: PermissionsService['authorize'];
  features?: Parameters<typeof startTestBackend>[0]['features'];
  /** By default the mesh's own, as cluster demo. */
  clusters?: Parameters<typeof DirectAccess.create>[0];
  /** What is to be done with the way into the clusters before anybody goes it. */
  onAccess?: (access: DirectAccess) => void;
}) {
  const { mesh, denied = [] } = options;
  const access = DirectAccess.create(
    options.clusters ?? { demo: { url: mesh.urls.kubernetes } },
  );
  options.onAccess?.(access);
  const authorizeUsual = async (queries: { permission: Permission }[]) =>
    queries.map(
      ({ permission }): DefinitivePolicyDecision => ({
        result: denied.includes(permission.name)
          ? AuthorizeResult.DENY
          : AuthorizeResult.ALLOW,
      }),
    );
  const backend = await startTestBackend({
    features: [
      ...(options.features ?? []),
      meshPlugin,
      createBackendModule({
        pluginId: 'mesh',
        moduleId: 'direct-access',
        register(env) {
          env.registerInit({
            deps: { point: meshClusterAccessExtensionPoint },
            async init({ point }) {
              point.setClusterAccess(access);
            },
          });
        },
      }),
      catalogServiceMock.factory({ entities: options.entities }),
      mockServices.permissions.mock({
        authorize: options.authorize ?? authorizeUsual,
        authorizeConditional: options.authorize ? conditional : authorizeUsual,
      }).factory,
      mockServices.userInfo.mock({
        getUserInfo: async () => ({
          userEntityRef: 'user:development/guest',
          ownershipEntityRefs: options.groups ?? ['group:default/team-deals'],
        }),
      }).factory,
      mockServices.rootConfig.factory({
        data: {
          mesh: {
            prometheus: { url: mesh.urls.prometheus },
            tracing: { url: mesh.urls.jaeger },
            deadlineMs: 20_000,
            refreshSeconds: 0.05,
            ...options.config,
          },
        },
      }),
    ],
  });
  const { server } = backend;
  const entity = (name: string) =>
    `/api/mesh/v1/entities/component/default/${name}`;
  return {
    server,
    access,
    /** With all that it does by itself. */
    shutDown: () => backend.stop(),
    /** Any request, as whomever the header names. */
    send: (
      method: 'get' | 'post',
      path: string,
      authorization: string,
      body?: object,
    ) =>
      request(server)
        [method](`/api/mesh/v1${path}`)
        .set('Authorization', authorization)
        .send(body),
    /** GET of an entity's path, as a user. */
    get: (name: string, path: string) =>
      request(server)
        .get(`${entity(name)}${path}`)
        .set('Authorization', mockCredentials.user.header()),
    getPath: (path: string) =>
      request(server)
        .get(`/api/mesh/v1${path}`)
        .set('Authorization', mockCredentials.user.header()),
    post: (path: string, body: object) =>
      request(server)
        .post(`/api/mesh/v1${path}`)
        .set('Authorization', mockCredentials.user.header())
        .send(body),
    postTo: (name: string, path: string, body: object) =>
      request(server)
        .post(`${entity(name)}${path}`)
        .set('Authorization', mockCredentials.user.header())
        .send(body),
    anonymous: (path: string) =>
      request(server)
        .get(path)
        .set('Authorization', mockCredentials.none.header()),
  };
}
