import { useCallback, useEffect, useMemo, useState } from 'react';
import { stringifyEntityRef } from '@backstage/catalog-model';
import { useApi } from '@backstage/frontend-plugin-api';
import { useEntity } from '@backstage/plugin-catalog-react';
import type {
  MeshTab,
  MeshViewOf,
  MeshViewQuery,
  Placement,
  PlacementProblem,
  TimeWindow,
  ViewAddress,
} from '@meshdeck/plugin-mesh-common';
import { meshApiRef } from '../../api';
import { useClusterChange } from './useClusterChange';
import { REFRESH_INTERVAL_MS, usePolled } from './usePolled';
import {
  usePlacementAndWindow,
  type PlacementAndWindow,
} from '../address/usePlacementAndWindow';

/** What more than placement and time a view is asked with. */
type ViewFilters<Name extends MeshTab> = Omit<MeshViewQuery<Name>, 'window'>;

/** A view of the mesh with all that its frame needs to say about it. */
export interface MeshView<V> extends PlacementAndWindow {
  name: MeshTab;
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
function useView<Name extends MeshTab>(
  name: Name,
  address: ViewAddress | undefined,
  query: { window: TimeWindow },
) {
  const api = useApi(meshApiRef);
  const queryText = JSON.stringify(query);
  const ask = useCallback(
    () =>
      address
        ? api.view(name, address, JSON.parse(queryText))
        : Promise.reject(new Error('No placement to ask about.')),
    [api, name, address, queryText],
  );

  const subject = address && `${address.entityRef} ${address.placement} `;
  const question = subject && `${subject}${name} ${queryText}`;
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
export function useMeshView<Name extends MeshTab>(
  name: Name,
  filters?: ViewFilters<Name>,
): MeshView<MeshViewOf<Name>> {
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
  const asked = useView(name, address, { ...filters, window: chosen.window });
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
