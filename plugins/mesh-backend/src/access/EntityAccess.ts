import type {
  AuditorService,
  BackstageCredentials,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import { Entity, stringifyEntityRef } from '@backstage/catalog-model';
import { InputError, NotAllowedError, NotFoundError } from '@backstage/errors';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import {
  AuthorizeResult,
  BasicPermission,
  ResourcePermission,
} from '@backstage/plugin-permission-common';
import {
  meshServiceReadPermission,
  parsePlacementId,
  Placement,
} from '@meshdeck/plugin-mesh-common';
import type { Request } from 'express';
import type { PlacementService } from '../placements/PlacementService';

/** Who asks, about which entity; all that a route needs to go on. */
export interface EntityRequest {
  credentials: BackstageCredentials;
  entity: Entity;
  entityRef: string;
}

export interface PlacementRequest extends EntityRequest {
  placement: Placement;
}

/** The one place where a caller is named, a permission is asked and an event is audited. */
export class EntityAccess {
  static create(options: {
    httpAuth: HttpAuthService;
    permissions: PermissionsService;
    catalog: CatalogService;
    auditor: AuditorService;
    placements: PlacementService;
  }) {
    return new EntityAccess(options);
  }

  private constructor(
    private readonly services: Parameters<typeof EntityAccess.create>[0],
  ) {}

  /** Answers a read of an entity. */
  async entity<T>(
    req: Request,
    eventId: string,
    answer: (request: EntityRequest) => Promise<T>,
  ): Promise<T> {
    return this.audited(req, eventId, 'low', async () =>
      answer(await this.readable(req)),
    );
  }

  /** Answers a read of one placement of an entity. */
  async placement<T>(
    req: Request,
    eventId: string,
    answer: (request: PlacementRequest) => Promise<T>,
  ): Promise<T> {
    return this.audited(req, eventId, 'low', async () =>
      answer(await this.placed(req)),
    );
  }

  /** Answers a change of one placement; the permission is asked on top of the one to read. */
  async change<T>(
    req: Request,
    eventId: string,
    permission: ResourcePermission,
    answer: (request: PlacementRequest) => Promise<T>,
  ): Promise<T> {
    return this.audited(req, eventId, 'medium', async () => {
      const request = await this.placed(req);
      await this.demand(permission, request);
      return answer(request);
    });
  }

  /** Whether somebody has a permission over an entity. */
  async may(
    permission: ResourcePermission,
    request: { credentials: BackstageCredentials; entityRef: string },
  ): Promise<boolean> {
    const [decision] = await this.services.permissions.authorize(
      [{ permission, resourceRef: request.entityRef }],
      { credentials: request.credentials },
    );
    return decision.result === AuthorizeResult.ALLOW;
  }

  /** Answers something that concerns no entity. */
  async basic<T>(
    req: Request,
    eventId: string,
    permission: BasicPermission,
    answer: (credentials: BackstageCredentials) => Promise<T>,
  ): Promise<T> {
    return this.audited(req, eventId, 'medium', async () => {
      const credentials = await this.credentials(req);
      const [decision] = await this.services.permissions.authorize(
        [{ permission }],
        { credentials },
      );
      if (decision.result !== AuthorizeResult.ALLOW) {
        throw new NotAllowedError(
          `This needs the permission ${permission.name}. Ask who runs the portal.`,
        );
      }
      return answer(credentials);
    });
  }

  private async readable(req: Request): Promise<EntityRequest> {
    const credentials = await this.credentials(req);
    const { kind, namespace, name } = req.params;
    if ([kind, namespace, name].some(part => !/^[\w.-]{1,253}$/.test(part))) {
      throw new InputError('That is no entity: expected kind/namespace/name');
    }
    const entityRef = stringifyEntityRef({ kind, namespace, name });
    await this.demand(meshServiceReadPermission, { credentials, entityRef });
    const entity = await this.services.catalog.getEntityByRef(entityRef, {
      credentials,
    });
    if (!entity) {
      throw new NotFoundError(
        `There is no ${entityRef} in the catalog, or you may not see it.`,
      );
    }
    return { credentials, entity, entityRef };
  }

  private async placed(req: Request): Promise<PlacementRequest> {
    const request = await this.readable(req);
    const { id } = parsePlacementId(req.params.placement);
    const view = await this.services.placements.placements(request.entity);
    const placement = view.placements.find(candidate => candidate.id === id);
    if (!placement) {
      const [problem] = view.problems;
      throw new NotFoundError(
        problem
          ? `${problem.message} ${problem.fix}`
          : `${id} is not a placement of ${request.entityRef}.`,
      );
    }
    return { ...request, placement };
  }

  private async demand(
    permission: ResourcePermission,
    request: { credentials: BackstageCredentials; entityRef: string },
  ): Promise<void> {
    if (!(await this.may(permission, request))) {
      throw new NotAllowedError(
        `This needs the permission ${permission.name} for ${request.entityRef}. Its owner, or who runs the portal, can give it.`,
      );
    }
  }

  private credentials(req: Request): Promise<BackstageCredentials> {
    return this.services.httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
  }

  private async audited<T>(
    request: Request,
    eventId: string,
    severityLevel: 'low' | 'medium',
    work: () => Promise<T>,
  ): Promise<T> {
    const { kind, namespace, name, placement } = request.params;
    const event = await this.services.auditor.createEvent({
      eventId,
      severityLevel,
      request,
      meta: name
        ? { entityRef: `${kind}:${namespace}/${name}`, placement }
        : undefined,
    });
    try {
      const result = await work();
      await event.success();
      return result;
    } catch (error) {
      await event.fail({ error: error as Error });
      throw error;
    }
  }
}
