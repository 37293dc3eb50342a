import type {
  BackstageCredentials,
  HttpAuthService,
  PermissionsService,
} from '@backstage/backend-plugin-api';
import {
  Entity,
  parseEntityRef,
  stringifyEntityRef,
} from '@backstage/catalog-model';
import { InputError, NotAllowedError } from '@backstage/errors';
import { catalogEntityReadPermission } from '@backstage/plugin-catalog-common/alpha';
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
import type { PlacementService } from '../placements/PlacementService';
import type { AuditTrail, Tell } from './AuditTrail';
import type { EntityIndex } from './EntityIndex';
import { noPlacement, notAllowed, notFound } from './refusals';
import type { BackendRequest } from './BackendRequest';
import type {
  EntityRequest,
  PlacementRequest,
  ChangeKind,
  ChangeRequest,
} from './EntityRequest';

/** The one place where a caller is named, a permission is asked and an event is audited. */
export class EntityAccess {
  static create(options: {
    httpAuth: HttpAuthService;
    permissions: PermissionsService;
    entities: EntityIndex;
    trail: AuditTrail;
    placements: PlacementService;
  }) {
    return new EntityAccess(options);
  }

  private constructor(
    private readonly services: Parameters<typeof EntityAccess.create>[0],
  ) {}

  /** Answers a read of an entity. */
  async entity<T>(
    req: BackendRequest,
    eventId: string,
    answer: (request: EntityRequest) => Promise<T>,
  ): Promise<T> {
    return this.services.trail.follow(
      req,
      { eventId, severityLevel: 'low' },
      async () => answer(await this.readable(req)),
    );
  }

  /** Answers a read of one placement of an entity. */
  async placement<T>(
    req: BackendRequest,
    eventId: string,
    answer: (request: PlacementRequest) => Promise<T>,
  ): Promise<T> {
    return this.services.trail.follow(
      req,
      { eventId, severityLevel: 'low' },
      async () => answer(await this.placed(req)),
    );
  }

  /**
   * Answers a change of one placement; the permission is asked on top of the one to read. Its event says what was wanted, also
   * where that cannot be read.
   */
  async change<Intent, T>(
    req: BackendRequest,
    kind: ChangeKind<Intent>,
    answer: (request: ChangeRequest<Intent>) => Promise<T>,
  ): Promise<T> {
    const { eventId } = kind;
    const intent = attempt(() => kind.read());
    const notes = 'value' in intent ? kind.notes(intent.value) : undefined;
    return this.services.trail.follow(
      req,
      { eventId, severityLevel: 'medium', notes },
      async tell => {
        tell({ outcome: 'refused' });
        const request = await this.placed(req);
        if ('error' in intent) {
          throw intent.error;
        }
        for (const permission of await kind.permissions(
          intent.value,
          request,
        )) {
          await this.requirePermission(permission, request);
        }
        // What opens a change is read again: a binding that was taken back a moment ago opens nothing.
        const placement = await this.findAfresh(request, request.placement.id);
        return answer({ ...request, placement, intent: intent.value, tell });
      },
    );
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
    req: BackendRequest,
    eventId: string,
    permission: BasicPermission,
    answer: (credentials: BackstageCredentials, tell: Tell) => Promise<T>,
    severityLevel: 'low' | 'medium' = 'medium',
  ): Promise<T> {
    return this.services.trail.follow(
      req,
      { eventId, severityLevel },
      async tell => {
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
        return answer(credentials, tell);
      },
    );
  }

  /** Answers another plugin of the portal; persons have no use for it. */
  async service<T>(
    req: BackendRequest,
    eventId: string,
    answer: () => Promise<T>,
  ): Promise<T> {
    return this.services.trail.follow(
      req,
      { eventId, severityLevel: 'low' },
      async () => {
        await this.services.httpAuth.credentials(req, { allow: ['service'] });
        return answer();
      },
    );
  }

  /**
   * One placement of an entity for somebody who asks otherwise than over HTTP; the first one, where none is named.
   *
   * @throws NotAllowedError, NotFoundError
   */
  async placementFor<T>(
    asked: {
      entityRef: string;
      placement?: string;
      credentials: BackstageCredentials;
      eventId: string;
    },
    answer: (request: PlacementRequest) => Promise<T>,
  ): Promise<T> {
    const { credentials, eventId } = asked;
    const entityRef = stringifyEntityRef(parseEntityRef(asked.entityRef));
    const work = async () => {
      const request = await this.readableRef(entityRef, credentials);
      const { placements, problems } =
        await this.services.placements.placements(request.entity);
      const placement = asked.placement
        ? await this.findAfresh(request, asked.placement)
        : placements[0];
      if (!placement) {
        throw noPlacement(problems[0], `${entityRef} has no placement.`);
      }
      return answer({ ...request, placement });
    };
    return this.services.trail.followFor(
      credentials,
      { eventId, notes: { entityRef, placement: asked.placement } },
      work,
    );
  }

  private async readable(req: BackendRequest): Promise<EntityRequest> {
    const credentials = await this.credentials(req);
    const { kind, namespace, name } = req.params;
    if ([kind, namespace, name].some(part => !/^[\w.-]{1,253}$/.test(part))) {
      throw new InputError('That is no entity: expected kind/namespace/name');
    }
    return this.readableRef(
      stringifyEntityRef({ kind, namespace, name }),
      credentials,
    );
  }

  private async readableRef(
    entityRef: string,
    credentials: BackstageCredentials,
  ): Promise<EntityRequest> {
    const [mesh, catalog] = await this.services.permissions.authorize(
      [meshServiceReadPermission, catalogEntityReadPermission].map(
        permission => ({ permission, resourceRef: entityRef }),
      ),
      { credentials },
    );
    if (mesh.result !== AuthorizeResult.ALLOW) {
      throw notAllowed(meshServiceReadPermission, entityRef);
    }
    // Whoever may not see the entity learns nothing about it, not even whether it is there.
    const entity =
      catalog.result === AuthorizeResult.ALLOW
        ? await this.services.entities.get(entityRef)
        : undefined;
    if (!entity) {
      throw notFound(entityRef);
    }
    return { credentials, entity, entityRef };
  }

  private async placed(req: BackendRequest): Promise<PlacementRequest> {
    const request = await this.readable(req);
    const { id } = parsePlacementId(req.params.placement);
    const placement =
      (await this.find(request.entity, id)).placement ??
      (await this.findAfresh(request, id));
    return { ...request, placement };
  }

  private async find(entity: Entity, id: string) {
    const view = await this.services.placements.placements(entity);
    return {
      placement: view.placements.find(candidate => candidate.id === id),
      problem: view.problems[0],
    };
  }

  /** The entity that is remembered may be a minute old; before a refusal the catalog is asked. */
  private async findAfresh(
    { entityRef }: EntityRequest,
    id: string,
  ): Promise<Placement> {
    const entity = await this.services.entities.fresh(entityRef);
    if (!entity) {
      throw notFound(entityRef);
    }
    const { placement, problem } = await this.find(entity, id);
    if (!placement) {
      throw noPlacement(problem, `${id} is not a placement of ${entityRef}.`);
    }
    return placement;
  }

  private async requirePermission(
    permission: ResourcePermission,
    request: { credentials: BackstageCredentials; entityRef: string },
  ): Promise<void> {
    if (!(await this.may(permission, request))) {
      throw notAllowed(permission, request.entityRef);
    }
  }

  private credentials(req: BackendRequest): Promise<BackstageCredentials> {
    return this.services.httpAuth.credentials(req, {
      allow: ['user', 'service'],
    });
  }
}

function attempt<T>(work: () => T): { value: T } | { error: unknown } {
  try {
    return { value: work() };
  } catch (error) {
    return { error };
  }
}
