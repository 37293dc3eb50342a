import type { Router } from 'express';
import type { EntityAccess } from '../access/EntityAccess';
import type { ClusterReader } from '../cluster/ClusterReader';
import type { RoutesService } from '../routes/RoutesService';
import type { SecurityService } from '../security/SecurityService';
import { PLACEMENT } from './paths';
import { bodyOf } from './requestBody';
import { read } from './requests';

/** The routes that say what would become of one request or one call. */
export function addTries(
  router: Router,
  services: {
    access: EntityAccess;
    clusters: ClusterReader;
    routes: RoutesService;
    security: SecurityService;
  },
): void {
  const { access, clusters, routes, security } = services;
  router.post(`${PLACEMENT}/routes/try`, async (req, res) => {
    res.json(
      await access.placement(req, 'route-try', async ({ placement }) =>
        routes.tryRequest(clusters, placement, read.tryRoute(bodyOf(req))),
      ),
    );
  });
  router.post(`${PLACEMENT}/security/try`, async (req, res) => {
    res.json(
      await access.placement(req, 'call-try', async ({ placement }) =>
        security.tryCall(clusters, placement, read.tryCall(bodyOf(req))),
      ),
    );
  });
}
