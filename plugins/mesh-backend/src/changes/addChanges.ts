import type { ResourcePermission } from '@backstage/plugin-permission-common';
import {
  meshCanaryRunPermission,
  type ChangeLock,
} from '@meshdeck/plugin-mesh-common';
import type { Router } from 'express';
import type { EntityAccess } from '../access/EntityAccess';
import { PLACEMENT } from '../paths';
import { read } from '../requests';
import type { Change } from './Change';
import { ChangeConflict } from './ChangeConflict';
import type { ChangePipeline } from './ChangePipeline';
import { mendChange, permissionToMend } from './mendChange';
import { weightChange } from './weightChange';

/** The routes that change a service: each kind of change has a preview and an apply. */
export function addChanges(
  router: Router,
  services: { access: EntityAccess; changes: ChangePipeline },
): void {
  const { access, changes } = services;

  const kind = <Intent>(options: {
    path: string;
    eventId: string;
    permission: (intent: Intent) => ResourcePermission;
    intent: (body: unknown) => Intent;
    request: (body: unknown) => Intent & ChangeLock;
    change: (intent: Intent) => Change;
  }) => {
    const { path, eventId, permission, change } = options;
    router.post(`${PLACEMENT}/${path}/preview`, async (req, res) => {
      const intent = options.intent(req.body);
      res.json(
        await access.change(
          req,
          `${eventId}-preview`,
          permission(intent),
          ({ placement, entityRef }) =>
            changes.preview(placement, entityRef, change(intent)),
        ),
      );
    });
    router.post(`${PLACEMENT}/${path}/apply`, async (req, res) => {
      const request = options.request(req.body);
      try {
        res.json(
          await access.change(
            req,
            `${eventId}-apply`,
            permission(request),
            ({ placement, ...asker }) =>
              changes.apply(placement, asker, change(request), request),
          ),
        );
      } catch (error) {
        if (!(error instanceof ChangeConflict)) {
          throw error;
        }
        res.status(409).json({
          error: { name: error.name, message: error.message },
          request: { method: req.method, url: req.url },
          response: { statusCode: 409 },
          conflict: error.details,
        });
      }
    });
  };

  kind({
    path: 'canary',
    eventId: 'weights',
    permission: () => meshCanaryRunPermission,
    intent: read.weightIntent,
    request: read.apply,
    change: weightChange,
  });
  kind({
    path: 'findings',
    eventId: 'mend',
    permission: permissionToMend,
    intent: read.mendIntent,
    request: read.mend,
    change: mendChange,
  });
}
