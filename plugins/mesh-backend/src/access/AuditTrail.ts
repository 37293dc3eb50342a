import type {
  AuditorService,
  AuditorServiceCreateEventOptions,
  AuditorServiceEvent,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { Request } from 'express';
import { othersTurn } from '../turns';

/** Writes an event of everything that is asked of the mesh: that it began, and how it ended. */
export class AuditTrail {
  static create(options: { auditor: AuditorService; logger: LoggerService }) {
    return new AuditTrail(options);
  }

  private constructor(
    private readonly services: Parameters<typeof AuditTrail.create>[0],
  ) {}

  /**
   * What changes something begins only once its event is written. A read (`low`) does not wait for its event: that it
   * began is written while the answer is worked out, and that it went well while the answer is on its way.
   */
  async follow<T>(
    request: Request,
    eventId: string,
    severityLevel: 'low' | 'medium',
    work: () => Promise<T>,
  ): Promise<T> {
    const { kind, namespace, name, placement } = request.params;
    const options = {
      eventId,
      severityLevel,
      request,
      meta: name
        ? { entityRef: `${kind}:${namespace}/${name}`, placement }
        : undefined,
    };
    if (severityLevel === 'medium') {
      return this.record(options, work);
    }
    const answer = work();
    // Whoever cannot be named gets the same refusal from both.
    answer.catch(() => undefined);
    // The sources are asked in this turn.
    await othersTurn();
    const event = await this.services.auditor.createEvent(options);
    return untilItsEnd(answer, {
      fail: params => event.fail(params),
      success: async () => void this.close(event, eventId),
    });
  }

  /** Writes the event first, then works. */
  async record<T>(
    options: AuditorServiceCreateEventOptions,
    work: () => Promise<T>,
  ): Promise<T> {
    const event = await this.services.auditor.createEvent(options);
    return untilItsEnd(work(), event);
  }

  private async close(
    event: AuditorServiceEvent,
    eventId: string,
  ): Promise<void> {
    try {
      await event.success();
    } catch (error) {
      this.services.logger.warn(
        `The end of the audit event ${eventId} was not written`,
        error as Error,
      );
    }
  }
}

async function untilItsEnd<T>(
  answer: Promise<T>,
  event: AuditorServiceEvent,
): Promise<T> {
  try {
    const result = await answer;
    await event.success();
    return result;
  } catch (error) {
    await event.fail({ error: error as Error });
    throw error;
  }
}
