import type {
  AuditorService,
  AuditorServiceCreateEventOptions,
  AuditorServiceEvent,
  AuthService,
  BackstageCredentials,
  LoggerService,
} from '@backstage/backend-plugin-api';
import type { JsonObject } from '@backstage/types';
import { yieldToEventLoop } from '../eventLoop/Slice';
import type { BackendRequest } from './BackendRequest';
import { actorOf, requestOnBehalf } from './requestOnBehalf';

/** What an event says beside who asked for what: of a change its object, its intent and, told on the way, its outcome. */
export type AuditNotes = JsonObject;

/** Adds to what the event's end says. */
export type Tell = (notes: AuditNotes) => void;

/** Writes an event of everything that is asked of the mesh: that it began, and how it ended. */
export class AuditTrail {
  static create(options: {
    auditor: AuditorService;
    auth: AuthService;
    logger: LoggerService;
  }) {
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
    request: BackendRequest,
    about: {
      eventId: string;
      severityLevel: 'low' | 'medium';
      notes?: AuditNotes;
    },
    work: (tell: Tell) => Promise<T>,
  ): Promise<T> {
    const { kind, namespace, name, placement } = request.params;
    const { notes, ...event } = about;
    const options = {
      ...event,
      request,
      meta: name
        ? { entityRef: `${kind}:${namespace}/${name}`, placement, ...notes }
        : notes,
    };
    return about.severityLevel === 'medium'
      ? this.record(options, work)
      : this.recordBeside(options, work);
  }

  /** Of what somebody asks otherwise than over HTTP, as an assistant does: the event is the person's, not the plugin's. */
  async followFor<T>(
    credentials: BackstageCredentials,
    about: { eventId: string; notes: AuditNotes },
    work: () => Promise<T>,
  ): Promise<T> {
    const { auth } = this.services;
    const { eventId, notes } = about;
    return this.record(
      {
        eventId,
        severityLevel: 'low',
        request: await requestOnBehalf(auth, credentials, { action: eventId }),
        meta: { ...notes, actor: actorOf(auth, credentials), via: 'action' },
      },
      work,
    );
  }

  /** Writes the event first, then works. */
  private async record<T>(
    options: AuditorServiceCreateEventOptions,
    work: (tell: Tell) => Promise<T>,
  ): Promise<T> {
    const event = await this.services.auditor.createEvent(options);
    const told: AuditNotes = {};
    const answer = work(notes => void Object.assign(told, notes));
    await this.end(event, options.eventId, answer, told);
    return answer;
  }

  private async recordBeside<T>(
    options: AuditorServiceCreateEventOptions,
    work: (tell: Tell) => Promise<T>,
  ): Promise<T> {
    const told: AuditNotes = {};
    const answer = work(notes => void Object.assign(told, notes));
    // Whoever cannot be named gets the same refusal from both.
    answer.catch(() => undefined);
    // The sources are asked before the event is written.
    await yieldToEventLoop();
    const event = await this.services.auditor.createEvent(options);
    const end = this.end(event, options.eventId, answer, told);
    try {
      return await answer;
    } catch (error) {
      await end;
      throw error;
    }
  }

  /** What happened has happened, and is answered so, also where the log does not take it. */
  private async end(
    event: AuditorServiceEvent,
    eventId: string,
    answer: Promise<unknown>,
    told: AuditNotes,
  ): Promise<void> {
    try {
      await answer.then(
        () => event.success({ meta: told }),
        error => event.fail({ error, meta: told }),
      );
    } catch (error) {
      this.services.logger.warn(
        `The end of the audit event ${eventId} was not written`,
        error as Error,
      );
    }
  }
}
