import type {
  AuditorService,
  AuditorServiceEvent,
  LoggerService,
} from '@backstage/backend-plugin-api';
import { describeRef, objectOf, refOf } from '@meshdeck/istio-config';
import type { MemorizedChange } from '../memory/MemorizedChange';

/**
 * The event of what the portal itself does about a change, for which nobody is asked. An audit log that is away keeps nothing from being
 * ended or taken back.
 */
export async function auditOwnAct(
  { auditor, logger }: { auditor: AuditorService; logger: LoggerService },
  eventId: string,
  change: MemorizedChange,
): Promise<AuditorServiceEvent | undefined> {
  const { id, cluster, namespace, service, entityRef, who, sentence } = change;
  try {
    return await auditor.createEvent({
      eventId,
      severityLevel: 'medium',
      meta: {
        entityRef,
        placement: `${cluster}:${namespace}:${service}`,
        object: namesOf(change),
        change: id,
        setBy: who,
        sentence,
      },
    });
  } catch (error) {
    logger.warn(`${eventId} is not in the audit log`, error as Error);
    return undefined;
  }
}

/** The objects of a change, for people. */
export function namesOf({ steps }: MemorizedChange): string {
  return steps
    .map(({ edit }) => describeRef(refOf(objectOf(edit))))
    .join(' and ');
}
