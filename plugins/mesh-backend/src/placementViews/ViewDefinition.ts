import type {
  MeshViewName,
  MeshViewOf,
  MeshViewQuery,
  SourceStatus,
} from '@meshdeck/plugin-mesh-common';
import type { PlacementRequest } from '../access/EntityRequest';
import type { ClusterReader } from '../cluster/ClusterReader';

/** The views that are built once for all who read them, and kept. */
export type KeptViewName = {
  [Name in MeshViewName]: MeshViewOf<Name> extends {
    verdict: unknown;
    sources: SourceStatus[];
  }
    ? Name
    : never;
}[MeshViewName];

/** A view that is about to be built. */
export interface ViewPlan<View> {
  /** Everything that makes it what it is, beside its name and its placement. */
  question: string;
  /** What it says of a cluster comes from this reader and from nowhere else, so that the cache knows when it changes. */
  build(clusters: ClusterReader): Promise<View>;
}

/** How a view is made. */
export interface ViewDefinition<View, Query> {
  plan(
    asked: PlacementRequest,
    query: Query,
  ): ViewPlan<View> | Promise<ViewPlan<View>>;
  /** Adds what depends on who asks; that is never kept. */
  forReader?(
    view: View,
    asked: PlacementRequest,
    clusters: ClusterReader,
  ): Promise<View>;
}

/** A definition for each view. */
export type ViewDefinitions = {
  [Name in KeptViewName]: ViewDefinition<MeshViewOf<Name>, MeshViewQuery<Name>>;
};
