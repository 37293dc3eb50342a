import type { ReactNode } from 'react';
import { Text } from '@backstage/ui';
import type { SourceStatus } from '@meshdeck/plugin-mesh-common';
import { ErrorAlert } from '../view/errors/ErrorAlert';
import frame from '../view/frame/frame.module.css';
import { allSourcesFail, SourceBanners } from '../view/frame/SourceBanners';
import type { Polled } from '../view/fetching/usePolled';
import { ViewContent } from '../view/frame/ViewContent';
import { RefreshFailed, ViewSkeleton } from '../view/frame/ViewFrame';
import { worstOfEach } from './worstOfEach';

/** A part of the page with what is shown while there is nothing, or only something old, to show. */
export function FleetPart<T>(props: {
  polled: Polled<T>;
  /** Where `polled.answer` belongs to an older question. */
  superseded?: boolean;
  sourcesOf?: (answer: T) => (SourceStatus & { cluster?: string })[];
  children: (answer: T) => ReactNode;
}) {
  const { polled, superseded = false, sourcesOf, children } = props;
  const { answer, answeredAt, error } = polled;
  const sources =
    answer === undefined ? [] : worstOfEach(sourcesOf?.(answer) ?? []);
  const isOld =
    answer !== undefined && Boolean(error || allSourcesFail(sources));
  const notes = sources.filter(
    ({ status, message }) => status === 'ok' && message,
  );

  return (
    <div className={frame.frame}>
      {error && answer === undefined && (
        <ErrorAlert error={error} asked="fleet" />
      )}
      {error && answer !== undefined && answeredAt !== undefined && (
        <RefreshFailed error={error} viewedAt={answeredAt} />
      )}
      {sources.length > 0 && <SourceBanners sources={sources} />}
      {notes.map(({ id, message }) => (
        <Text key={id} as="p" variant="body-small" color="secondary">
          {message}
        </Text>
      ))}
      {answer === undefined && !error && <ViewSkeleton />}
      {answer !== undefined && (
        <ViewContent isOld={isOld} superseded={superseded} error={error}>
          {children(answer)}
        </ViewContent>
      )}
    </div>
  );
}
