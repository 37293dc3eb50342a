import type { Translate } from '../../translations/useMeshTranslation';
import { ANSWER_DEADLINE_MS, NoAnswerError } from '../fetching/startPolling';

/** A failure in words: what is, what it means, what to do. */
export interface Explanation {
  title: string;
  remedy: string;
  /** What the other side said. */
  cause: string;
}

/** What was asked for: to see a service, to see all of them, or to change something. */
export type Asked = 'view' | 'fleet' | 'change';

const FORBIDDEN = {
  view: 'mayNotSee',
  fleet: 'mayNotSeeFleet',
  change: 'mayNotChange',
} as const;

const BY_STATUS = {
  400: 'notAccepted',
  401: 'signedOut',
  404: 'notFound',
  409: 'tooLate',
  429: 'notAvailable',
} as const;

function statusOf(error: Error): number | undefined {
  return 'statusCode' in error && typeof error.statusCode === 'number'
    ? error.statusCode
    : undefined;
}

function causeOf(error: Error, t: Translate): string {
  if (error instanceof NoAnswerError) {
    return t('errors.noAnswerWithin', {
      seconds: String(ANSWER_DEADLINE_MS / 1000),
    });
  }
  return error.cause instanceof Error ? error.cause.message : error.message;
}

function kindOf(status: number | undefined, asked: Asked) {
  if (status === undefined) return 'noAnswer';
  if (status === 403) return FORBIDDEN[asked];
  if (status >= 502) return 'notAvailable';
  return status in BY_STATUS
    ? BY_STATUS[status as keyof typeof BY_STATUS]
    : 'failed';
}

/** Turns what a request failed with into sentences for the person before the screen. */
export function explainError(
  error: Error,
  t: Translate,
  asked: Asked = 'view',
): Explanation {
  const kind = kindOf(statusOf(error), asked);
  return {
    title: t(`errors.${kind}`),
    remedy: t(`errors.${kind}Fix`),
    cause: causeOf(error, t),
  };
}
