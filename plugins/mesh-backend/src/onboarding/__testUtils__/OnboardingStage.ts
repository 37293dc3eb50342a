import type { Entity } from '@backstage/catalog-model';
import type { DemoMesh } from '@meshdeck/demo-mesh';
import type {
  ChangePreview,
  RememberedChange,
} from '@meshdeck/plugin-mesh-common';
import { eventually } from '../../__testUtils__/eventually';
import { closeServers } from '../../__testUtils__/serve';
import { startDemoMesh, startPortal } from '../../__testUtils__/startPortal';
import { Market } from './Market';
import { shopAnswers } from './shop';
import type { TestServer } from './testServers';
import { type Treatment, UnreliableProxy } from './UnreliableProxy';

type Portal = Awaited<ReturnType<typeof startPortal>>;

/** What the template makes of a service `shop`. */
export const ALL_OF_SHOP = [
  'AuthorizationPolicy shop-policy',
  'Deployment shop',
  'Deployment shop-canary',
  'DestinationRule shop',
  'PeerAuthentication shop-mtls',
  'Service shop',
  'ServiceAccount shop',
  'VirtualService shop',
];

/** The answer to an onboarding. */
interface Answer {
  status: number;
  applied: string[];
  message?: string;
}

/** The answer to what an undo would do. */
interface Previewed {
  status: number;
  preview: ChangePreview;
  message?: string;
}

/** A portal of somebody in both teams, an unreliable way from there to an API server, and a market for each test. */
export class OnboardingStage {
  /** @param entities - that the catalog has before anything is onboarded. */
  static create(
    serverOf: (mesh: DemoMesh) => TestServer,
    entities: Entity[] = [],
  ) {
    return new OnboardingStage(serverOf, entities);
  }

  market!: Market;
  proxy!: UnreliableProxy;
  private mesh!: DemoMesh;
  private server!: TestServer;
  private portal!: Portal;

  private constructor(
    private readonly serverOf: (mesh: DemoMesh) => TestServer,
    private readonly entities: Entity[],
  ) {}

  async start(): Promise<void> {
    this.mesh = await startDemoMesh();
    this.server = this.serverOf(this.mesh);
    this.proxy = await UnreliableProxy.start(this.server);
    this.portal = await startPortal({
      mesh: this.mesh,
      entities: this.entities,
      groups: ['group:default/team-deals', 'group:default/team-pay'],
      clusters: { demo: { url: this.proxy.url, token: this.server.token } },
      config: { deadlineMs: 6000 },
    });
    await eventually(async () => {
      const { status } = await this.portal.getPath('/health');
      if (status !== 200) {
        throw new Error('The portal is not ready');
      }
    });
  }

  async open(): Promise<void> {
    this.proxy.decide = () => 'passes';
    this.market = await Market.open(this.server);
  }

  close(): Promise<void> {
    return this.market.close();
  }

  async stop(): Promise<void> {
    await this.portal.server.stop();
    closeServers();
    await this.mesh.stop();
  }

  /** @param answers - those that are others than the usual ones. */
  async onboard(answers: object = {}): Promise<Answer> {
    const { namespace } = this.market;
    const { status, body } = await this.portal.post('/onboardings', {
      cluster: 'demo',
      ...shopAnswers({ namespace }),
      ...answers,
    });
    return { status, applied: body.applied, message: body.error?.message };
  }

  /** Of the new service's page. */
  async changes(): Promise<RememberedChange[]> {
    const { body } = await this.portal.get('shop', `${this.page}/changes`);
    return body.changes ?? [];
  }

  /** Asks what taking a change back would do. */
  async previewUndo(change: string): Promise<Previewed> {
    const { status, body } = await this.portal.postTo(
      'shop',
      `${this.page}/changes/preview`,
      { what: { intent: 'undo', change } },
    );
    return { status, preview: body, message: body.error?.message };
  }

  /** Takes a change back as it was previewed. */
  async undo(
    change: string,
    { resourceVersion, first }: ChangePreview,
  ): Promise<{ status: number; message?: string; sentence?: string }> {
    const { status, body } = await this.portal.postTo(
      'shop',
      `${this.page}/changes/apply`,
      {
        what: { intent: 'undo', change },
        resourceVersion,
        first: first.map(each => ({
          object: each.object,
          resourceVersion: each.resourceVersion,
        })),
      },
    );
    return { status, message: body.error?.message, sentence: body.sentence };
  }

  private get page(): string {
    return `/placements/demo:${this.market.namespace}:shop`;
  }

  /** The portal notices in its own time that a cluster is back. */
  onboardOnceItIsBack(): Promise<Answer> {
    return eventually(async () => {
      const answer = await this.onboard();
      if (answer.status !== 200) {
        throw new Error(answer.message);
      }
      return answer;
    });
  }

  /** Calls back at each true write of the portal; counts from 1. */
  atWrite(
    act: (write: number) => Treatment | void | Promise<Treatment | void>,
  ): void {
    let writes = 0;
    this.proxy.decide = async ({ method, isDryRun }) => {
      if (method === 'GET' || isDryRun) {
        return 'passes';
      }
      writes += 1;
      return (await act(writes)) ?? 'passes';
    };
  }

  /** What there is in the market, as `Kind name`. */
  async there(): Promise<string[]> {
    return Object.keys(await this.market.objects()).sort();
  }
}
