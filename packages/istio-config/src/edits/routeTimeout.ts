import { describeDuration, formatDuration } from '../kube/duration';
import type { MeshObjects } from '../MeshObjects';
import type { ChangePlan } from './ChangePlan';
import {
  editRule,
  requireDuration,
  requireHttp,
  requireHttpRoute,
  type RuleAnswer,
  type ServiceName,
} from './editRule';
import { EditRefused } from './EditRefused';

const MOST_MS = 3_600_000;

/** @public */
export interface TimeoutAnswers extends RuleAnswer {
  /** Absent: none, so that a request may take as long as it likes. */
  timeoutMs?: number;
}

/**
 * Sets how long a request may take in all, with its retries.
 *
 * @throws EditRefused
 * @public
 */
export function planTimeout(
  set: MeshObjects,
  service: ServiceName,
  { rule, timeoutMs }: TimeoutAnswers,
): ChangePlan {
  if (timeoutMs !== undefined) {
    requireDuration('The timeout', timeoutMs, MOST_MS);
  }
  const value = timeoutMs === undefined ? undefined : formatDuration(timeoutMs);
  const edit = editRule(set, service, { rule }, written => {
    const { object, at } = written;
    requireHttp(at, 'timeout');
    if (object.kind === 'HTTPRoute') {
      // The whole must leave room for each try.
      requireRoom(written.rule.timeouts?.backendRequest, timeoutMs);
      return [{ at: [...at, 'timeouts', 'request'], value }];
    }
    requireHttpRoute(written, 'timeout');
    return [{ at: [...at, 'timeout'], value }];
  });
  return {
    edits: [edit],
    sentence:
      timeoutMs === undefined
        ? 'Requests have no timeout any more.'
        : `A request is answered 504 after ${describeDuration(timeoutMs)}.`,
  };
}

/** Source: gateway-api HTTPRouteTimeouts: backendRequest cannot be longer than request. */
function requireRoom(perTry: unknown, timeoutMs: number | undefined): void {
  if (perTry !== undefined && timeoutMs !== undefined) {
    throw new EditRefused(
      `This rule also limits each try (timeouts.backendRequest is ${perTry}). Edit its YAML to change both.`,
    );
  }
}
