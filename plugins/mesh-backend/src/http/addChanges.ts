import { describeRef } from '@meshdeck/istio-config';
import {
  type ApplyResult,
  type ChangeLock,
  type ChangePreview,
  meshCanaryRunPermission,
  type ObjectRef,
} from '@meshdeck/plugin-mesh-common';
import type { Request, Response, Router } from 'express';
import type { AuditNotes } from '../access/AuditTrail';
import type { EntityAccess } from '../access/EntityAccess';
import type { ChangeKind } from '../access/EntityRequest';
import { PLACEMENT } from './paths';
import { bodyOf } from './requestBody';
import { read } from './requests';
import type { Change } from '../changes/Change';
import { ChangeConflict } from '../changes/ChangeConflict';
import type { ChangePipeline } from '../changes/ChangePipeline';
import { mendChange, permissionToMend } from '../changes/mendChange';
import { UnknownOutcome } from '../changes/UnknownOutcome';
import { weightChange } from '../changes/weightChange';

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

interface ChangeServices {
  access: EntityAccess;
  changes: ChangePipeline;
}

/** The routes that change a service: each kind of change has a preview and an apply. */
export function addChanges(router: Router, services: ChangeServices): void {
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
  services: ChangeServices,
  kind: RoutedChange<Intent>,
): void {
  router.post(`${PLACEMENT}/${kind.path}/preview`, async (req, res) => {
    res.json(await preview(req, services, kind));
  });
  router.post(`${PLACEMENT}/${kind.path}/apply`, async (req, res) => {
    try {
      res.json(await apply(req, services, kind));
    } catch (error) {
      answerOddEnd(req, res, error as Error);
    }
  });
}

function preview<Intent>(
  req: Request,
  { access, changes }: ChangeServices,
  kind: RoutedChange<Intent>,
): Promise<ChangePreview> {
  return access.change(
    req,
    {
      eventId: `${kind.eventId}-preview`,
      read: () => kind.intent(bodyOf(req)),
      permission: kind.permission,
      notes: intent => notesOf(kind, intent),
    },
    async ({ placement, entityRef, intent, tell }) => {
      const asked = { placement, entityRef };
      const seen = await changes.preview(asked, kind.change(intent));
      tell({ outcome: 'previewed', sentence: seen.sentence });
      return seen;
    },
  );
}

function apply<Intent>(
  req: Request,
  { access, changes }: ChangeServices,
  kind: RoutedChange<Intent>,
): Promise<ApplyResult> {
  return access.change(
    req,
    {
      eventId: `${kind.eventId}-apply`,
      read: () => kind.request(bodyOf(req)),
      permission: kind.permission,
      notes: request => ({
        ...notesOf(kind, request),
        reason: request.reason,
        takeOver: request.takeOver,
      }),
    },
    async ({ placement, intent: request, tell, ...asker }) => {
      const change = kind.change(request);
      try {
        const result = await changes.apply(placement, asker, change, request);
        const { sentence, remark, object } = result;
        const isSame = object.resourceVersion === request.resourceVersion;
        const outcome = isSame ? 'nothing to write' : 'written';
        tell({ outcome, sentence, remark });
        return result;
      } catch (error) {
        tell({ outcome: wordFor(error) });
        throw error;
      }
    },
  );
}

function notesOf<Intent>(
  kind: RoutedChange<Intent>,
  asked: Intent,
): AuditNotes {
  const { object, intent } = kind.told(asked);
  return { object: describeRef(object), intent };
}

/** What the audit log calls an end without a result. */
function wordFor(error: unknown): string {
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
