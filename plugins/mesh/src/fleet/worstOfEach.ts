import type { SourceStatus } from '@meshdeck/plugin-mesh-common';

const WORST_FIRST: SourceStatus['status'][] = [
  'down',
  'stale',
  'partial',
  'absent',
  'ok',
];

/** One line for each kind of source, however many clusters have one: the worst, with what all that are like it say. */
export function worstOfEach(
  sources: (SourceStatus & { cluster?: string })[],
): SourceStatus[] {
  const ids = [...new Set(sources.map(({ id }) => id))];
  return ids.map(id => {
    const own = sources.filter(source => source.id === id);
    const status = WORST_FIRST.find(level =>
      own.some(source => source.status === level),
    )!;
    const worst = own.filter(source => source.status === status);
    const isOfSome = worst.length < own.length && status !== 'ok';
    const messages = new Set(
      worst.flatMap(({ cluster, message }) =>
        message ? [isOfSome ? `${cluster}: ${message}` : message] : [],
      ),
    );
    const { message: _message, ...first } = worst[0];
    return {
      id,
      status,
      asOf: first.asOf,
      since: first.since,
      message: messages.size ? [...messages].join(' ') : undefined,
    };
  });
}
