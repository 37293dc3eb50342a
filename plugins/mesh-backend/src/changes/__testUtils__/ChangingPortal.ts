import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import type {
  CanaryRule,
  ChangePreview,
  RuleName,
} from '@meshdeck/plugin-mesh-common';
import { isDeepStrictEqual } from 'util';
import { eventually } from '../../__testUtils__/eventually';
import { FaultyProxy } from '../../__testUtils__/FaultyProxy';
import { movableRules } from '../../__testUtils__/ruleNames';
import { startPortal } from '../../__testUtils__/startPortal';
import type { TestCluster } from '../../__testUtils__/testClusters';

/** Where nothing answers: what is told of changes does not need it. */
const NOWHERE = 'http://127.0.0.1:9';
/** Enough on a machine that has a lot to do. */
const PATIENT_MS = 15_000;

interface Answer<Body> {
  status: number;
  body: Body & { error?: { message: string } };
}

/** A portal whose only cluster is behind a {@link FaultyProxy}, with what its changes left in the audit log. */
export class ChangingPortal {
  static async open(options: {
    cluster: TestCluster;
    entities: Entity[];
    /** Where a test is about what happens then. */
    deadlineMs?: number;
    features?: Parameters<typeof startPortal>[0]['features'];
  }): Promise<ChangingPortal> {
    const { server } = options.cluster;
    const { deadlineMs = PATIENT_MS } = options;
    const proxy = await FaultyProxy.open(server);
    const events: AuditedEvent[] = [];
    const portal = await startPortal({
      mesh: {
        urls: {
          kubernetes: NOWHERE,
          prometheus: NOWHERE,
          jaeger: NOWHERE,
          tempo: NOWHERE,
          kiali: NOWHERE,
        },
      },
      entities: options.entities,
      clusters: { c: { url: proxy.url, token: server.token } },
      config: { deadlineMs },
      features: [auditInto(events), ...(options.features ?? [])],
    });
    return new ChangingPortal(proxy, portal, events);
  }

  private constructor(
    readonly proxy: FaultyProxy,
    readonly portal: Awaited<ReturnType<typeof startPortal>>,
    /** Of changes; the newest last. */
    readonly events: AuditedEvent[],
  ) {}

  /** As before a restart: nothing of it goes on. */
  async shutDown(): Promise<void> {
    await this.portal.shutDown();
    this.proxy.close();
  }

  async stop(): Promise<void> {
    await this.portal.server.stop();
    this.proxy.close();
  }

  /** Once there are any. */
  rules(place: { namespace: string; name: string }): Promise<CanaryRule[]> {
    return eventually(async () => {
      const found = await this.offered(place);
      if (found.length === 0) {
        throw new Error(`no rules of ${place.name}`);
      }
      return found;
    });
  }

  /** Waits until the Canary tab shows these weights of its rules. */
  untilShown(
    place: { namespace: string; name: string },
    weights: Record<string, number>[],
  ): Promise<void> {
    return eventually(async () => {
      const shown = (await this.offered(place)).map(rule => rule.weights);
      if (!isDeepStrictEqual(shown, weights)) {
        throw new Error(`${place.name} shows ${JSON.stringify(shown)}`);
      }
    });
  }

  /** As the Canary tab has them now. */
  offered(place: { namespace: string; name: string }): Promise<CanaryRule[]> {
    return movableRules(this.portal, place.name, placementOf(place));
  }

  preview(
    place: { namespace: string; name: string },
    intent: { rule: RuleName; weights: Record<string, number> },
  ): PromiseLike<Answer<ChangePreview>> {
    const path = `${placementOf(place)}/canary/preview`;
    return this.portal.postTo(place.name, path, intent);
  }

  apply(
    place: { namespace: string; name: string },
    request: {
      rule: RuleName;
      weights: Record<string, number>;
      resourceVersion: string;
      takeOver?: boolean;
      reason?: string;
    },
  ): PromiseLike<Answer<any>> {
    const path = `${placementOf(place)}/canary/apply`;
    return this.portal.postTo(place.name, path, { takeOver: true, ...request });
  }
}

export interface AuditedEvent {
  eventId: string;
  meta?: Record<string, any>;
  outcome?: 'succeeded' | 'failed';
}

function auditInto(events: AuditedEvent[]) {
  return mockServices.auditor.mock({
    createEvent: async ({ eventId, severityLevel, meta = {} }) => {
      const event: AuditedEvent = { eventId, meta };
      if (severityLevel === 'medium') {
        events.push(event);
      }
      const end =
        (outcome: AuditedEvent['outcome']) =>
        async (more?: { meta?: object }) => {
          Object.assign(event, { outcome, meta: { ...meta, ...more?.meta } });
        };
      return { success: end('succeeded'), fail: end('failed') };
    },
  }).factory;
}

function placementOf({ namespace, name }: { namespace: string; name: string }) {
  return `/placements/c:${namespace}:${name}`;
}
