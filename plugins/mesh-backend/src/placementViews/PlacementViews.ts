import type { MeshViewOf, MeshViewQuery } from '@meshdeck/plugin-mesh-common';
import type { PlacementRequest } from '../access/EntityRequest';
import type { ClusterReader } from '../cluster/ClusterReader';
import { BuiltView, ViewCache } from '../views/ViewCache';
import type {
  KeptViewName,
  ViewDefinition,
  ViewDefinitions,
} from './ViewDefinition';

/** The one door to the views of a placement, for pages and for assistants: behind it they share one cache. */
export class PlacementViews {
  static create(options: {
    cache: ViewCache;
    clusters: ClusterReader;
    definitions: ViewDefinitions;
  }) {
    return new PlacementViews(options);
  }

  private constructor(
    private readonly options: Parameters<typeof PlacementViews.create>[0],
  ) {}

  /** The views there are. */
  get names(): KeptViewName[] {
    return Object.keys(this.options.definitions) as KeptViewName[];
  }

  /** Of somebody who may read the placement; see EntityAccess. */
  async get<Name extends KeptViewName>(
    name: Name,
    asked: PlacementRequest,
    query: MeshViewQuery<Name>,
  ): Promise<BuiltView<MeshViewOf<Name>>> {
    const { cache, clusters, definitions } = this.options;
    const definition: ViewDefinition<
      MeshViewOf<Name>,
      MeshViewQuery<Name>
    > = definitions[name];
    const { placement } = asked;
    const { question, build } = await definition.plan(asked, query);
    const built = await cache.get({ name, placement, question }, build);
    return definition.forReader
      ? new BuiltView(await definition.forReader(built.value, asked, clusters))
      : built;
  }
}
