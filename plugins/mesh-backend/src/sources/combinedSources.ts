import type { SourceStatus } from '@meshdeck/plugin-mesh-common';

const WORST_FIRST = ['down', 'stale', 'partial', 'ok', 'absent'] as const;

/** One status for each source out of what it said at several places of one view: what one of them complains of stays. */
export function combinedSources(
  statuses: readonly SourceStatus[],
): SourceStatus[] {
  const ids = [...new Set(statuses.map(({ id }) => id))];
  return ids.map(id => combined(statuses.filter(status => status.id === id)));
}

function combined(own: readonly SourceStatus[]): SourceStatus {
  const worst = WORST_FIRST.find(level =>
    own.some(({ status }) => status === level),
  );
  const failing = own.find(({ status }) => status === worst) ?? own[0];
  const answering = own.find(({ status }) => status === 'ok');
  const messages = new Set(
    own
      .filter(({ status }) => status !== 'absent' || worst === 'absent')
      .flatMap(({ message }) => message ?? []),
  );
  return {
    ...failing,
    // What answered at another place is there.
    ...(failing.status === 'down' && answering
      ? { status: 'partial', asOf: answering.asOf }
      : {}),
    message: messages.size > 0 ? [...messages].join(' ') : undefined,
  };
}
