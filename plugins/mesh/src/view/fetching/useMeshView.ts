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

/** Where the entity runs, as far as that is known. */
function usePlacements(entityRef: string) {
  const api = useApi(meshApiRef);
  const [isSettled, setIsSettled] = useState(false);
  const { answer, answerTo, error, refresh } = usePolled(
    entityRef,
    useCallback(() => api.placements(entityRef), [api, entityRef]),
    { intervalMs: isSettled ? SETTLED_INTERVAL_MS : REFRESH_INTERVAL_MS },
  );
  const found = answerTo === entityRef ? answer : undefined;
  const isComplete =
    found !== undefined &&
    found.placements.length > 0 &&
    found.problems.length === 0;
  useEffect(() => setIsSettled(isComplete), [isComplete]);
  return {
    placements: found?.placements,
    problems: found?.problems ?? [],
    error,
    refresh,
  };
}

/** The newest view of a placement; `superseded` where it answers an older question. */
function useView<N extends ViewName>(
  name: N,
  address: ViewAddress | undefined,
  window: TimeWindow,
  query: QueryOf<N> | undefined,
) {
  const api = useApi(meshApiRef);
  const queryText = query && JSON.stringify(query);
  const ask = useCallback((): Promise<ViewsByName[N]> => {
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
  const asked = usePolled(question, ask);
  const isOfSubject =
    subject !== undefined && asked.answerTo?.startsWith(subject) === true;
  return {
    view: isOfSubject ? asked.answer : undefined,
    viewedAt: isOfSubject ? asked.answeredAt : undefined,
    superseded: isOfSubject && asked.answerTo !== question,
    error: asked.error,
    refresh: asked.refresh,
  };
}

/** Asks for one view of the entity of this page, and keeps asking. */
export function useMeshView<N extends ViewName>(
  name: N,
  query?: QueryOf<N>,
): MeshView<ViewsByName[N]> {
  const { entity } = useEntity();
  const entityRef = stringifyEntityRef(entity);
  const chosen = usePlacementAndWindow(entityRef);
  const found = usePlacements(entityRef);
  const placement =
    found.placements?.find(({ id }) => id === chosen.placementId) ??
    found.placements?.[0];
  const placementId = placement?.id;

  const address = useMemo(
    () =>
      placementId === undefined
        ? undefined
        : { entityRef, placement: placementId },
    [entityRef, placementId],
  );
  const asked = useView(name, address, chosen.window, query);
  useClusterChange(placementId, asked.refresh);

  const { refresh: refreshPlacements } = found;
  const { refresh: refreshView } = asked;
  const refresh = useCallback(() => {
    refreshPlacements();
    refreshView();
  }, [refreshPlacements, refreshView]);

  return {
    ...chosen,
    name,
    entityRef,
    placements: found.placements,
    problems: found.problems,
    placement,
    address,
    view: asked.view,
    viewedAt: asked.viewedAt,
    superseded: asked.superseded,
    error: found.placements ? asked.error : found.error,
    refresh,
  };
}
