import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import type { TestCluster } from '../../__testUtils__/testClusters';
import { memoryOn } from '../../memory/__testUtils__/memoryOn';
import type { ChangeMemory } from '../../memory/ChangeMemory';
import {
  FORGE_TRIALS,
  type ForgeTrial,
} from '../../pullRequests/__testUtils__/forgeTrials';
import { ChangeRequests } from '../ChangeRequests';
import { RequestWatcher } from '../RequestWatcher';
import {
  application,
  delivered,
  refOf,
  ROUTE_FILE,
  waiting,
} from './deliveredRoute';
import { PipelineStage } from './PipelineStage';
import { weightedService } from './weightedService';

/** The pipeline over a route that Argo CD delivers from a repository on a forge. */
export class DeliveredStage {
  static async open(options: {
    cluster: TestCluster;
    namespace: string;
    knex: Knex;
    deadlineMs: number;
    forge?: keyof typeof FORGE_TRIALS;
  }): Promise<DeliveredStage> {
    const { cluster, namespace, knex, deadlineMs } = options;
    const clock = { now: Date.now };
    const { memory } = memoryOn(knex, { now: () => clock.now() });
    const forge = await FORGE_TRIALS[options.forge ?? 'Gitea']();
    const first = [{ path: 'eu/auth.yaml', content: ROUTE_FILE }];
    await forge.push('main', first, 'first');
    let requests: ChangeRequests | undefined;
    const stage = await PipelineStage.open({
      cluster,
      namespace,
      objects: [
        ...weightedService(namespace, 'auth').slice(0, -1),
        delivered(namespace),
      ],
      memory,
      deadlineMs,
      requests: access => {
        const forges = { of: () => forge.forge };
        requests = ChangeRequests.create({ forges, access, deadlineMs });
        return requests;
      },
    });
    await cluster.send(
      'POST',
      `/apis/argoproj.io/v1alpha1/namespaces/${namespace}/applications`,
      { body: application(namespace, forge.cloneUrl) },
    );
    return new DeliveredStage(options, {
      forge,
      memory,
      stage,
      requests: requests!,
      clock,
    });
  }

  readonly forge: ForgeTrial;
  readonly memory: ChangeMemory;
  readonly stage: PipelineStage;
  readonly requests: ChangeRequests;
  /** By which changes are noted. */
  readonly clock: { now: () => number };

  private constructor(
    private readonly options: Parameters<typeof DeliveredStage.open>[0],
    parts: Pick<
      DeliveredStage,
      'forge' | 'memory' | 'stage' | 'requests' | 'clock'
    >,
  ) {
    this.forge = parts.forge;
    this.memory = parts.memory;
    this.stage = parts.stage;
    this.requests = parts.requests;
    this.clock = parts.clock;
  }

  /** What the route waits for at most, in the cluster. */
  async timeout(): Promise<string> {
    const { spec } = await this.options.cluster.get(
      refOf(this.stage.namespace),
    );
    return spec.http[0].timeout;
  }

  /** Previews another time, as a person does; what is returned then proposes it. */
  previewed(value = '2s', reason = 'it hangs') {
    return this.stage.previewed(waiting(this.stage.namespace, value), {
      asPullRequest: true,
      takeOver: undefined,
      reason,
    });
  }

  async propose(value?: string, reason?: string) {
    const open = await this.previewed(value, reason);
    return open();
  }

  /** The newest first. */
  async states(): Promise<string[]> {
    return (await this.stage.remembered()).map(({ state }) => state);
  }

  watcher(): RequestWatcher {
    const { memory, requests } = this;
    const { deadlineMs } = this.options;
    return RequestWatcher.create({
      ...this.stage.way,
      memory,
      requests,
      scheduler: mockServices.scheduler.mock(),
      deadlineMs,
    });
  }

  look(): Promise<void> {
    return this.watcher().look();
  }

  /** As Argo CD does after a merge. */
  deliver(value: string) {
    return this.options.cluster.patch(refOf(this.stage.namespace), [
      { op: 'replace', path: '/spec/http/0/timeout', value },
    ]);
  }

  close(): void {
    this.stage.close();
    this.forge.stop();
  }
}
