import type { ReactNode } from 'react';
import { Alert, Skeleton, VisuallyHidden } from '@backstage/ui';
import type { ViewBase } from '@meshdeck/plugin-mesh-common';
import { useFormat } from '../../translations/useFormat';
import { useMeshTranslation } from '../../translations/useMeshTranslation';
import { ErrorAlert } from '../errors/ErrorAlert';
import { explainError } from '../errors/explainError';
import { MissingPlacements, NoPlacement } from './PlacementProblems';
import { allSourcesFail, SourceBanners } from './SourceBanners';
import type { MeshView } from '../fetching/useMeshView';
import { useNow } from '../useNow';
import { ViewContent } from './ViewContent';
import { PlacementBar } from './PlacementBar';
import styles from './frame.module.css';
import legible from '../legible.module.css';

/** What is shown while there is nothing to show yet. */
export function ViewSkeleton() {
  const { t } = useMeshTranslation();
  return (
    <div className={styles.skeleton} role="status">
      <VisuallyHidden>{t('view.loading')}</VisuallyHidden>
      <Skeleton className={styles.bone} width="100%" height={52} />
      <Skeleton className={styles.bone} width="100%" height={220} />
      <Skeleton className={styles.bone} width="100%" height={160} />
    </div>
  );
}

/** Why what is shown is old, and how old. */
export function RefreshFailed(props: { error: Error; viewedAt: number }) {
  const { error, viewedAt } = props;
  const now = useNow();
  const { t } = useMeshTranslation();
  const format = useFormat();
  const { title, remedy, cause } = explainError(error, t);
  return (
    <Alert
      role="alert"
      status="danger"
      icon
      title={
        <>
          {t('view.lastKnown', {
            title,
            // Grows every second: to be seen, not to be read out each time.
            age: <span aria-hidden>{format.age(now - viewedAt)}</span>,
          })}
        </>
      }
      description={
        <>
          {t('view.readAt', { time: format.clock(viewedAt) })} {remedy}
          <p className={styles.cause}>{cause}</p>
        </>
      }
    />
  );
}

/** What all pages share: where, how fresh, and what is shown while there is nothing or only something old to show. */
export function ViewFrame<V extends ViewBase>(props: {
  view: MeshView<V>;
  /** Inside a card there is less room, and no second card. */
  inCard?: boolean;
  children: (view: V) => ReactNode;
}) {
  const { view: mesh, inCard, children } = props;
  const { t } = useMeshTranslation();
  const { placements, placement, problems, view, viewedAt, error } = mesh;

  if (placements && !placement) {
    return (
      <div className={`${styles.frame} ${legible.legible}`}>
        <NoPlacement problems={problems} inCard={inCard} />
      </div>
    );
  }

  const isOld = Boolean(view && (error || allSourcesFail(view.sources)));
  const isUnknownPlacement =
    placement &&
    mesh.placementId !== undefined &&
    mesh.placementId !== placement.id;

  return (
    <div className={`${styles.frame} ${legible.legible}`}>
      <PlacementBar view={mesh} />
      {isUnknownPlacement && (
        <Alert
          status="info"
          icon
          title={t('view.placementGone', { placement: mesh.placementId ?? '' })}
          description={t('view.shown', { placement: placement.id })}
        />
      )}
      <MissingPlacements problems={problems} />
      {error && !view && <ErrorAlert error={error} />}
      {error && view && viewedAt !== undefined && (
        <RefreshFailed error={error} viewedAt={viewedAt} />
      )}
      {view && <SourceBanners sources={view.sources} />}
      {!view && !error && <ViewSkeleton />}
      {view && (
        <ViewContent isOld={isOld} superseded={mesh.superseded} error={error}>
          {children(view)}
        </ViewContent>
      )}
    </div>
  );
}
