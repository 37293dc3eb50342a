import type {
  AuthService,
  DiscoveryService,
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import { parseEntityRef } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import type {
  CatalogService,
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';
import type { OnboardedView } from '@meshdeck/plugin-mesh-common';
import { CatalogState } from './CatalogState';
import { planMutation } from './planMutation';

/** How long what another replica did to the catalog may go unnoticed here. */
const RECONCILE_MS = 300_000;

/**
 * The entities of onboarded Services, as the mesh backend reads them from the clusters. Nothing is taken from the catalog
 * on one answer: only what a cluster, read whole, did not have twice in a row and, asked again, still has not.
 */
export class OnboardedEntityProvider implements EntityProvider {
  static create(options: {
    auth: AuthService;
    catalog: CatalogService;
    discovery: DiscoveryService;
    logger: LoggerService;
    taskRunner: SchedulerServiceTaskRunner;
    now?: () => number;
  }) {
    return new OnboardedEntityProvider(options);
  }

  private readonly state: CatalogState;
  /** What was missing in the answer before this one. */
  private missed: ReadonlySet<string> = new Set();
  private reconciledAt = -Infinity;
  private failing = false;

  private constructor(
    private readonly options: Parameters<
      typeof OnboardedEntityProvider.create
    >[0],
  ) {
    this.state = CatalogState.create(options);
  }

  getProviderName(): string {
    return 'mesh-onboarded';
  }

  async connect(connection: EntityProviderConnection): Promise<void> {
    await this.options.taskRunner.run({
      id: 'mesh-onboarded-refresh',
      fn: () => this.refresh(connection),
    });
  }

  /** A backend that does not answer leaves the catalog as it is. */
  private async refresh(connection: EntityProviderConnection): Promise<void> {
    try {
      await this.reconcile(connection);
      this.failing = false;
    } catch (error) {
      // What comes after a failure is a first answer again.
      this.missed = new Set();
      if (!this.failing) {
        this.failing = true;
        this.options.logger.warn(
          `Onboarded services cannot be read, the catalog keeps those it has: ${error}`,
        );
      }
    }
  }

  private async reconcile(connection: EntityProviderConnection): Promise<void> {
    const now = (this.options.now ?? Date.now)();
    const isDue = now - this.reconciledAt >= RECONCILE_MS;
    if (isDue) {
      await this.state.read();
    }
    let plan = planMutation(await this.ask([]), this.state.known());
    const again = plan.missing.filter(({ ref }) => this.missed.has(ref));
    if (again.length) {
      const clusters = [...new Set(again.map(({ cluster }) => cluster))];
      plan = planMutation(await this.ask(clusters), this.state.known());
    }
    const confirmed = plan.missing.filter(({ ref }) =>
      again.some(other => other.ref === ref),
    );
    const gone = confirmed.filter(({ movedTo }) => movedTo === undefined);
    const added = [
      ...plan.entities,
      ...confirmed.flatMap(({ movedTo }) => movedTo ?? []),
    ].filter(entity => isDue || this.state.differs(entity));
    if (added.length || gone.length) {
      await connection.applyMutation({
        type: 'delta',
        added: added.map(entity => ({
          entity,
          locationKey: this.getProviderName(),
        })),
        removed: gone.map(({ ref }) => ({
          entityRef: ref,
          locationKey: this.getProviderName(),
        })),
      });
      this.state.note({ added, removed: gone.map(({ ref }) => ref) });
    }
    this.sayGone(gone.map(({ ref }) => ref));
    const done = new Set(confirmed.map(({ ref }) => ref));
    this.missed = new Set(
      plan.missing.map(({ ref }) => ref).filter(ref => !done.has(ref)),
    );
    if (isDue) {
      this.reconciledAt = now;
    }
  }

  private sayGone(refs: readonly string[]): void {
    if (refs.length) {
      const names = refs.map(ref => parseEntityRef(ref).name).join(', ');
      this.options.logger.info(
        `The Services of ${names} are gone from their clusters, and so are their entities from the catalog`,
      );
    }
  }

  private async ask(confirm: readonly string[]): Promise<OnboardedView> {
    const { auth, discovery } = this.options;
    const { token } = await auth.getPluginRequestToken({
      onBehalfOf: await auth.getOwnServiceCredentials(),
      targetPluginId: 'mesh',
    });
    const search = new URLSearchParams(confirm.map(name => ['confirm', name]));
    const response = await fetch(
      `${await discovery.getBaseUrl('mesh')}/v1/onboarded${
        confirm.length ? `?${search}` : ''
      }`,
      {
        headers: { Authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(10_000),
      },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    return (await response.json()) as OnboardedView;
  }
}
