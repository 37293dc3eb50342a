import type {
  AuthService,
  DiscoveryService,
  LoggerService,
  SchedulerServiceTaskRunner,
} from '@backstage/backend-plugin-api';
import type { Entity } from '@backstage/catalog-model';
import { ResponseError } from '@backstage/errors';
import type {
  EntityProvider,
  EntityProviderConnection,
} from '@backstage/plugin-catalog-node';

/** The entities of onboarded Services, as the mesh backend reads them from the clusters. */
export class OnboardedEntityProvider implements EntityProvider {
  static create(options: {
    auth: AuthService;
    discovery: DiscoveryService;
    logger: LoggerService;
    taskRunner: SchedulerServiceTaskRunner;
  }) {
    return new OnboardedEntityProvider(options);
  }

  private last: string | undefined;
  private failing = false;

  private constructor(
    private readonly options: Parameters<
      typeof OnboardedEntityProvider.create
    >[0],
  ) {}

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
    let entities: Entity[];
    try {
      entities = await this.read();
      this.failing = false;
    } catch (error) {
      if (!this.failing) {
        this.failing = true;
        this.options.logger.warn(
          `Onboarded services cannot be read, the catalog keeps those it has: ${error}`,
        );
      }
      return;
    }
    const state = JSON.stringify(entities);
    if (state === this.last) {
      return;
    }
    await connection.applyMutation({
      type: 'full',
      entities: entities.map(entity => ({
        entity,
        locationKey: this.getProviderName(),
      })),
    });
    this.last = state;
  }

  private async read(): Promise<Entity[]> {
    const { auth, discovery } = this.options;
    const { token } = await auth.getPluginRequestToken({
      onBehalfOf: await auth.getOwnServiceCredentials(),
      targetPluginId: 'mesh',
    });
    const response = await fetch(
      `${await discovery.getBaseUrl('mesh')}/v1/onboarded`,
      {
        headers: { Authorization: `Bearer ${token}` },
        signal: AbortSignal.timeout(10_000),
      },
    );
    if (!response.ok) {
      throw await ResponseError.fromResponse(response);
    }
    const { entities } = (await response.json()) as { entities: Entity[] };
    return entities;
  }
}
