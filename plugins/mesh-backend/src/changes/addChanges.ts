import { describeRef } from '@meshdeck/istio-config';
import {
  type ChangeLock,
  meshCanaryRunPermission,
  type ObjectRef,
} from '@meshdeck/plugin-mesh-common';
import type { Request, Response, Router } from 'express';
import type { ChangeKind, EntityAccess } from '../access/EntityAccess';
import { PLACEMENT } from '../paths';
import { bodyOf } from '../requestBody';
import { read } from '../requests';
import type { Change } from './Change';
import { ChangeConflict } from './ChangeConflict';
import type { ChangePipeline } from './ChangePipeline';
import { mendChange, permissionToMend } from './mendChange';
import { UnknownOutcome } from './UnknownOutcome';
import { weightChange } from './weightChange';

/** A kind of change, as its two routes need to know it. */
interface RoutedChange<Intent> extends Pick<ChangeKind<Intent>, 'permission'> {
  path: string;
  eventId: string;
  intent: (body: unknown) => Intent;
  request: (body: unknown) => Intent & ChangeLock;
  change: (intent: Intent) => Change;
  /** The object that is meant, and what is to become of it. */
  told: (intent: Intent) => { object: ObjectRef; intent: Record<string, any> };
}

/** The routes that change a service: each kind of change has a preview and an apply. */
export function addChanges(
  router: Router,
  services: { access: EntityAccess; changes: ChangePipeline },
): void {
  addChange(router, services, {
    path: 'canary',
    eventId: 'weights',
    permission: () => meshCanaryRunPermission,
    intent: read.weightIntent,
    request: read.apply,
    change: weightChange,
    told: ({ rule, weights }) => ({
      object: rule.object,
      intent: { rule: rule.path, weights },
    }),
  });
  addChange(router, services, {
    path: 'findings',
    eventId: 'mend',
    permission: permissionToMend,
    intent: read.mendIntent,
    request: read.mend,
    change: mendChange,
    told: ({ object, code, path }) => ({ object, intent: { code, path } }),
  });
}

function addChange<Intent>(
  router: Router,
  { access, changes }: { access: EntityAccess; changes: ChangePipeline },
  kind: RoutedChange<Intent>,
): void {
  const { path, eventId, permission, change } = kind;
  const notes = (wish: Intent) => {
    const { object, intent } = kind.told(wish);
    return { object: describeRef(object), intent };
  };
  router.post(`${PLACEMENT}/${path}/preview`, async (req, res) => {
    const preview = await access.change(
      req,
      {
        eventId: `${eventId}-preview`,
        read: () => kind.intent(bodyOf(req)),
        permission,
        notes,
      },
      async ({ placement, entityRef, wish, tell }) => {
        const seen = await changes.preview(
          { placement, entityRef },
          change(wish),
        );
        tell({ outcome: 'previewed', sentence: seen.sentence });
        return seen;
      },
    );
    res.json(preview);
  });
  router.post(`${PLACEMENT}/${path}/apply`, async (req, res) => {
    try {
      const applied = await access.change(
        req,
        {
          eventId: `${eventId}-apply`,
          read: () => kind.request(bodyOf(req)),
          permission,
          notes: wish => ({
            ...notes(wish),
            reason: wish.reason,
            takeOver: wish.takeOver,
          }),
        },
        async ({ placement, wish, tell, ...asker }) => {
          try {
            const written = await changes.apply(
              placement,
              asker,
              change(wish),
              wish,
            );
            const { sentence, remark, object } = written;
            const isSame = object.resourceVersion === wish.resourceVersion;
            const outcome = isSame ? 'nothing to write' : 'written';
            tell({ outcome, sentence, remark });
            return written;
          } catch (error) {
            tell({ outcome: outcomeOf(error) });
            throw error;
          }
        },
      );
      res.json(applied);
    } catch (error) {
      answerOddEnd(req, res, error as Error);
    }
  });
}

function outcomeOf(error: unknown): string {
  if (error instanceof ChangeConflict) {
    return 'conflict';
  }
  return error instanceof UnknownOutcome ? 'unknown' : 'not written';
}

/** A conflict, or an outcome that nobody knows, is told with more than its message. @throws every other error. */
function answerOddEnd(req: Request, res: Response, error: Error): void {
  const body = (statusCode: number) => ({
    error: { name: error.name, message: error.message },
    request: { method: req.method, url: req.url },
    response: { statusCode },
  });
  if (error instanceof ChangeConflict) {
    res.status(409).json({ ...body(409), conflict: error.details });
  } else if (error instanceof UnknownOutcome) {
    res.status(503).json({ ...body(503), outcome: 'unknown' });
  } else {
    throw error;
  }
}
