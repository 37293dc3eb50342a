import { NotFoundError } from '@backstage/errors';
import { describeRef } from '@meshdeck/istio-config';
import {
  type ApplyResult,
  type ChangeLock,
  type ChangePreview,
  meshCanaryRunPermission,
  type ObjectRef,
  permissionsFor,
  permissionToMend,
  type Placement,
  type ServiceChangeIntent,
  type ServiceIntent,
} from '@meshdeck/plugin-mesh-common';
import type { Request, Router } from 'express';
import type { AuditNotes } from '../access/AuditTrail';
import type { EntityAccess } from '../access/EntityAccess';
import type { ChangeKind } from '../access/EntityRequest';
import { answerFailedChange, outcomeOf } from './failedChanges';
import { PLACEMENT } from './paths';
import { bodyOf } from './requestBody';
import { read } from './requests';
import type { Change } from '../changes/Change';
import type {
  ChangePipeline,
  RememberedIntent,
} from '../changes/ChangePipeline';
import { intentChange } from '../changes/intentChange';
import { mendChange } from '../changes/mendChange';
import { termOf } from '../changes/termOf';
import { undoChange } from '../changes/undoChange';
import { weightChange } from '../changes/weightChange';
import type { ChangeMemory } from '../memory/ChangeMemory';
import { permissionsToUndo } from '../memory/permissionsToUndo';

/** A kind of change, as its two routes need to know it. */
interface RoutedChange<Intent> extends Pick<ChangeKind<Intent>, 'permissions'> {
  path: string;
  eventId: string;
  intent: (body: unknown) => Intent;
  request: (body: unknown) => Intent & ChangeLock;
  change: (intent: Intent, placement: Placement) => Change | Promise<Change>;
  /** What the memory calls it. */
  remembered: (intent: Intent) => RememberedIntent;
  /** The object that is meant, and what is to become of it. */
  told: (intent: Intent) => {
    object?: ObjectRef;
    intent: Record<string, any>;
  };
}

interface ChangeServices {
  access: EntityAccess;
  changes: ChangePipeline;
  memory: ChangeMemory;
}

/** The routes that change a service: each kind of change has a preview and an apply. */
export function addChanges(router: Router, services: ChangeServices): void {
  addChange(router, services, {
    path: 'canary',
    eventId: 'weights',
    permissions: () => [meshCanaryRunPermission],
    intent: read.weightIntent,
    request: read.apply,
    change: weightChange,
    remembered: () => ({ intent: 'weights' }),
    told: ({ rule, weights }) => ({
      object: rule.object,
      intent: { rule: rule.path, weights },
    }),
  });
  addChange(router, services, {
    path: 'findings',
    eventId: 'mend',
    permissions: intent => [permissionToMend(intent)],
    intent: read.mendIntent,
    request: read.mend,
    change: mendChange,
    remembered: () => ({ intent: 'mend' }),
    told: ({ object, code, path }) => ({ object, intent: { code, path } }),
  });
  addChange(router, services, intents(services.memory));
}

/** Every intent that has a planner, and undo. */
function intents(memory: ChangeMemory): RoutedChange<ServiceChangeIntent> {
  const made = async (id: string, placement: Placement) => {
    const found = await memory.get(placement, id);
    if (!found) {
      throw new NotFoundError('No such change of this service is remembered.');
    }
    return found;
  };
  return {
    path: 'changes',
    eventId: 'change',
    permissions: async ({ what }, { placement }) => {
      if (what.intent !== 'undo') {
        return permissionsFor(what);
      }
      const change = await made(what.change, placement);
      return permissionsToUndo(change, await memory.undoneBy([change.id]));
    },
    intent: read.serviceIntent,
    request: read.serviceChange,
    change: async ({ what }, placement) =>
      what.intent === 'undo'
        ? undoChange(await made(what.change, placement))
        : intentChange(what, await termOf(what, memory)),
    remembered: ({ what }) => ({
      intent: what.intent,
      undoes: what.intent === 'undo' ? what.change : undefined,
    }),
    told: ({ what }) => ({ intent: toldOf(what) }),
  };
}

/** Of a text its length: whatever was pasted there is not the log's business. */
function toldOf(what: ServiceIntent): Record<string, unknown> {
  return what.intent === 'editObject'
    ? { ...what, yaml: `${what.yaml.length} characters` }
    : { ...what };
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
      answerFailedChange(req, res, error as Error);
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
      permissions: kind.permissions,
      notes: intent => notesOf(kind, intent),
    },
    async ({ placement, entityRef, intent, tell }) => {
      const asked = { placement, entityRef };
      const change = await kind.change(intent, placement);
      const seen = await changes.preview(asked, change);
      const { sentence, object, first } = seen;
      const objects = [...first.map(each => each.object), object];
      tell({
        outcome: 'previewed',
        sentence,
        object: objects.map(describeRef).join(' and '),
      });
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
      permissions: kind.permissions,
      notes: request => ({
        ...notesOf(kind, request),
        reason: request.reason,
        takeOver: request.takeOver,
        asPullRequest: request.asPullRequest,
      }),
    },
    async ({ placement, intent: request, tell, ...asker }) => {
      try {
        const change = await kind.change(request, placement);
        const intent = kind.remembered(request);
        const { result, isWritten } = await changes.apply(
          placement,
          asker,
          change,
          { lock: request, intent },
        );
        const { object, ...told } = result;
        tell({
          ...told,
          outcome: outcomeIn(result, isWritten),
          object: describeRef(object),
        });
        return result;
      } catch (error) {
        tell({ outcome: outcomeOf(error) });
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
  return { object: object && describeRef(object), intent };
}

function outcomeIn({ request }: ApplyResult, isWritten: boolean): string {
  if (request) {
    return 'proposed';
  }
  return isWritten ? 'written' : 'nothing to write';
}
