import { mockServices } from '@backstage/backend-test-utils';
import type { KubeObject } from '@meshdeck/istio-config';
import type { Knex } from 'knex';
import type { ProxiedRequest } from '../../__testUtils__/FaultyProxy';
import { TestCluster } from '../../__testUtils__/testClusters';
import { memoryOn } from '../../memory/__testUtils__/memoryOn';
import type { ChangeMemory } from '../../memory/ChangeMemory';
import { ChangeSettler } from '../ChangeSettler';
import { PipelineStage } from './PipelineStage';
import { editsOfThree, NAMES, refsOf, serviceWithThree } from './threeObjects';
import { written as withoutCounts } from './weightedService';

export const DEADLINE_MS = 3_000;
/** Longer than a change of three objects can be on its way, and be taken back. */
const LONG_AGO_MS = 7 * 3 * DEADLINE_MS;

export const isWrite = ({ method, url }: ProxiedRequest) =>
  method !== 'GET' && !url.includes('dryRun');
/** The next write of one of the three. */
export const writes = (name: string) => (request: ProxiedRequest) =>
  isWrite(request) &&
  (request.url.split('?')[0].endsWith(`/${name}`) ||
    (request.method === 'POST' && request.body.includes(`"name":"${name}"`)));

/** What a change of several objects is tried on: a service of its own for each trial, in one cluster and one memory. */
export class SeveralStage {
  static async open(
    start: Parameters<typeof TestCluster.open>[0],
    knex: Knex,
  ): Promise<SeveralStage> {
    const now = () => Date.now() - LONG_AGO_MS;
    return new SeveralStage(
      await TestCluster.open(start),
      memoryOn(knex, { now }).memory,
    );
  }

  readonly auditor = mockServices.auditor.mock();
  private round = 0;

  private constructor(
    readonly cluster: TestCluster,
    readonly memory: ChangeMemory,
  ) {}

  stop(): Promise<void> {
    return this.cluster.stop();
  }

  /** Somebody labels one of the objects. */
  touch(namespace: string, name: string): Promise<KubeObject> {
    return this.cluster.patch(refsOf(namespace)[NAMES.indexOf(name)], {
      metadata: { labels: { team: 'a' } },
    });
  }

  /** A service of its own, and what its objects say. */
  async trial() {
    const { cluster, memory, auditor } = this;
    this.round += 1;
    const namespace = `several-${cluster.id}-${this.round}`;
    const stage = await PipelineStage.open({
      cluster,
      namespace,
      objects: serviceWithThree(namespace),
      memory,
      deadlineMs: DEADLINE_MS,
    });
    const now = () =>
      Promise.all(
        refsOf(namespace).map(ref =>
          cluster.get(ref).then(said, () => undefined),
        ),
      );
    const settle = () =>
      ChangeSettler.create({
        ...stage.way,
        memory,
        scheduler: mockServices.scheduler.mock(),
        auditor,
        deadlineMs: DEADLINE_MS,
      }).settle();
    return { stage, namespace, now, settle, before: await now() };
  }
}

/** Notes the change as a portal does before it writes. */
export async function noted(
  memory: ChangeMemory,
  { stage, namespace }: Awaited<ReturnType<SeveralStage['trial']>>,
) {
  const objects = await Promise.all(
    refsOf(namespace).map(ref => stage.client.find(ref)),
  );
  const edits = editsOfThree(namespace, ref =>
    objects.find(object => object?.metadata.name === ref.name),
  );
  const id = await memory.begin({
    placement: stage.placement,
    entityRef: 'component:default/auth',
    intent: { intent: 'several' },
    edits,
    sentence: 'Three objects become others.',
  });
  return { edits, id };
}

/** What a person wrote of it. */
export function said(object: KubeObject) {
  const { spec, metadata } = withoutCounts(object);
  return { spec, labels: metadata.labels };
}

export function nameIn({
  url,
  body,
  method,
}: ProxiedRequest): string | undefined {
  return method === 'POST'
    ? JSON.parse(body).metadata.name
    : url.split('?')[0].split('/').pop();
}
