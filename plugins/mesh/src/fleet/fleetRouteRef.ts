import { createRouteRef } from '@backstage/frontend-plugin-api';

/** The page of all services. */
export const fleetRouteRef = createRouteRef();
