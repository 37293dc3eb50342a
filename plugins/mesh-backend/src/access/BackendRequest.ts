import type { HttpAuthService } from '@backstage/backend-plugin-api';

/** A request as Backstage's own services take it: only `http/` knows what serves it. */
export type BackendRequest = Parameters<HttpAuthService['credentials']>[0];
