import type { BackstageCredentials } from '@backstage/backend-plugin-api';
import type { ActionsRegistryService } from '@backstage/backend-plugin-api/alpha';
import type { EntityAccess } from '../access/EntityAccess';
import type { PlacementRequest } from '../access/EntityRequest';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { PlacementViews } from '../placementViews/PlacementViews';
import type { RoutesService } from '../routes/RoutesService';
import type { SecurityService } from '../security/SecurityService';

/** What the actions call. */
export interface ActionServices {
  actionsRegistry: ActionsRegistryService;
  access: EntityAccess;
  clusters: ClusterReader;
  views: PlacementViews;
  routes: RoutesService;
  security: SecurityService;
}

/** Every action only reads. */
export const READ_ONLY = {
  readOnly: true,
  destructive: false,
  idempotent: true,
} as const;

/** How far back the numbers look: as on a page that nobody has changed. */
export const WINDOW = { window: '15m' } as const;

/** Answers an action about one placement, with the permissions and the audit of the HTTP API. */
export async function aboutPlacement<T>(
  access: EntityAccess,
  action: string,
  context: {
    input: { entityRef: string; placement?: string };
    credentials: BackstageCredentials;
  },
  answer: (request: PlacementRequest) => Promise<T>,
): Promise<{ output: T }> {
  const { input, credentials } = context;
  return {
    output: await access.placementFor(
      { ...input, credentials, eventId: action },
      answer,
    ),
  };
}
