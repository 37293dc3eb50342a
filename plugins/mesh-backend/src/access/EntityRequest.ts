import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import type { ResourcePermission } from '@backstage/plugin-permission-common';
import type { Placement } from '@meshdeck/plugin-mesh-common';
import type { AuditNotes, Tell } from './AuditTrail';

/** Who asks, about which entity; all that a route needs to go on. */
export interface EntityRequest {
  credentials: BackstageCredentials;
  entity: Entity;
  entityRef: string;
}

export interface PlacementRequest extends EntityRequest {
  placement: Placement;
}

/** A change as it comes over HTTP. */
export interface ChangeKind<Intent> {
  eventId: string;
  /** @throws InputError where the request says no such thing. */
  read: () => Intent;
  /** All of them are needed. */
  permissions: (
    intent: Intent,
    request: PlacementRequest,
  ) => readonly ResourcePermission[] | Promise<readonly ResourcePermission[]>;
  /** What the event says of it. */
  notes: (intent: Intent) => AuditNotes;
}

export interface ChangeRequest<Intent> extends PlacementRequest {
  intent: Intent;
  /** Adds to what its event says in the end. */
  tell: Tell;
}
