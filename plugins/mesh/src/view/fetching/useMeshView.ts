import { useCallback, useEffect, useMemo, useState } from 'react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import type {
  CanaryView,
  MeshApi,
  OverviewView,
  Placement,
  PlacementProblem,
  RoutesView,
  SecurityView,
  TimeWindow,
  TopologyQuery,
  TopologyView,
  TraceQuery,
  TracesView,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../../api';
import { useClusterChange } from './useClusterChange';
import { REFRESH_INTERVAL_MS, usePolled } from './usePolled';
import {
  usePlacementAndWindow,
  type PlacementAndWindow,
} from '../address/usePlacementAndWindow';

interface ViewsByName {
  overview: OverviewView;
  routes: RoutesView;
  security: SecurityView;
  traces: TracesView;
  canary: CanaryView;
  topology: TopologyView;
}

/** What more than placement and time some views are asked with. */
interface QueriesByName {
  traces: TraceQuery;
  topology: TopologyQuery;
}

type QueryOf<N extends ViewName> = N extends keyof QueriesByName
  ? QueriesByName[N]
  : undefined;

type ViewName = keyof ViewsByName;

/** A view of the mesh with all that its frame needs to say about it. */
export interface MeshView<V> extends PlacementAndWindow {
  name: ViewName;
  entityRef: string;
  placements?: Placement[];
  problems: PlacementProblem[];
  placement?: Placement;
  /** For questions that go beside the view: a trace, a try, a change. */
  address?: ViewAddress;
  /** The last good view of this placement. */
  view?: V;
  /** When it came. */
  viewedAt?: number;
  /** True while `view` answers an older question: another time window or other filters. */
  superseded: boolean;
  error?: Error;
  refresh(): void;
}

/** Placements change seldom; but a person who mends a missing one waits for it to show. */
const SETTLED_INTERVAL_MS = 60_000;

const ASK: {
  [N in ViewName]: (
    api: MeshApi,
    address: ViewAddress,
    window: TimeWindow,
    query?: QueryOf<N>,
  ) => Promise<ViewsByName[N]>;
} = {
  overview: (api, address, window) => api.overview(address, window),
  routes: (api, address, window) => api.routes(address, window),
  security: (api, address, window) => api.security(address, window),
  traces: (api, address, window, query) => api.traces(address, window, query),
  canary: (api, address, window) => api.canary(address, window),
  topology: (api, address, window, query) =>
    api.topology(address, window, query),
};

/** Asks for one view of the entity of this page, and keeps asking. */
export function useMeshView<N extends ViewName>(
  name: N,
  query?: QueryOf<N>,
): MeshView<ViewsByName[N]> {
  const api = useApi(meshApiRef);
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const where = usePlacementAndWindow(entityRef);
  const { window } = where;

  const askPlacements = useCallback(
    () => api.placements(entityRef),
    [api, entityRef],
  );
  const [isSettled, setIsSettled] = useState(false);
  const found = usePolled(entityRef, askPlacements, {
    intervalMs: isSettled ? SETTLED_INTERVAL_MS : REFRESH_INTERVAL_MS,
  });
  const placements =
    found.answerTo === entityRef ? found.answer?.placements : undefined;
  const problems = found.answerTo === entityRef ? found.answer?.problems : [];
  const problemCount = problems?.length;
  const placement =
    placements?.find(({ id }) => id === where.placementId) ?? placements?.[0];
  const placementId = placement?.id;
  useEffect(
    () => setIsSettled(placementId !== undefined && problemCount === 0),
    [placementId, problemCount],
  );

  const address = useMemo(
    () =>
      placementId === undefined
        ? undefined
        : { entityRef, placement: placementId },
    [entityRef, placementId],
  );
  const queryText = query && JSON.stringify(query);
  const askView = useCallback((): Promise<ViewsByName[N]> => {
    if (!address) {
      return Promise.reject(new Error('No placement to ask about.'));
    }
    return ASK[name](
      api,
      address,
      window,
      queryText === undefined ? undefined : JSON.parse(queryText),
    );
  }, [api, name, address, window, queryText]);

  const subject = address && `${address.entityRef} ${address.placement} `;
  const question =
    subject && `${subject}${JSON.stringify([name, window, queryText])}`;
  const asked = usePolled(question, askView);
  const isOfSubject =
    subject !== undefined && asked.answerTo?.startsWith(subject) === true;

  const { refresh: refreshPlacements } = found;
  const { refresh: refreshView } = asked;
  useClusterChange(placementId, refreshView);
  const refresh = useCallback(() => {
    refreshPlacements();
    refreshView();
  }, [refreshPlacements, refreshView]);

  return {
    ...where,
    name,
    entityRef,
    placements,
    problems: problems ?? [],
    placement,
    address,
    view: isOfSubject ? asked.answer : undefined,
    viewedAt: isOfSubject ? asked.answeredAt : undefined,
    superseded: isOfSubject && asked.answerTo !== question,
    error: placements ? asked.error : found.error,
    refresh,
  };
}
