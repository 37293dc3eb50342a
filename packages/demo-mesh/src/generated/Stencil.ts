import { createHash } from 'node:crypto';
import { injectionOf, KubeObject } from '@meshdeck/istio-config';
import { WorkloadController } from '../controllers';
import {
  podAddress,
  seededName,
  templateHash,
} from '../controllers/podTemplates';
import { ObjectStore } from '../kubernetes';
import { seededAddress } from '../kubernetes/defaults';
import type { GeneratedService, GeneratedStyle } from './GeneratedService';
import { istioManifests } from './istioManifests';
import { workloadManifests } from './workloadManifests';

/** A service whose every detail can be found again in text. */
const MODEL: Omit<GeneratedService, 'style'> = {
  name: 'zz-model-name',
  namespace: 'zz-model-namespace',
  settings: {
    timeoutSeconds: 770_001,
    retryAttempts: 770_002,
    canaryWeight: 770_003,
    stableWeight: 770_004,
    maxConnections: 770_005,
    samplingPercentage: 770_006,
  },
  callers: ['zz-model-caller-a', 'zz-model-caller-b'],
};

/** An object's text, cut where something of the service goes. */
interface Cutout {
  parts: readonly { literal: string; blank?: string }[];
  /** Who owns which field; the same for all where nothing of the service is in it. */
  managedFields?: KubeObject['metadata']['managedFields'];
}

type Filling = Map<string, string>;

/**
 * All stored objects of one style of service: made once by the real machinery, with ownership, status and pods, and
 * then filled in for each service. A thousand services would else take the controller a minute.
 */
export class Stencil {
  static create(style: GeneratedStyle, bornMs: number): Stencil {
    const model = modelObjects(style, bornMs);
    const blanks = new Map<string, string>();
    for (const { kind, metadata, status, spec } of model) {
      const place = `${kind}/${metadata.name}`;
      blanks.set(metadata.uid!, `uid ${place}`);
      if (kind === 'Pod') {
        blanks.set(metadata.name, `pod ${metadata.name}`);
        blanks.set(status.podIP, `ip ${metadata.name}`);
      } else if (kind === 'ReplicaSet') {
        const hash = metadata.labels?.['pod-template-hash'] ?? '';
        blanks.set(hash, `hash ${metadata.ownerReferences?.[0].name}`);
      } else if (kind === 'Service') {
        blanks.set(spec.clusterIP, 'clusterIP');
      }
    }
    const detail = detailsOf({ ...MODEL, style });
    detail.forEach((text, blank) => blanks.set(text, blank));
    const cuts = cutter(blanks);
    return new Stencil(
      model,
      model.map(object => cutout(object, cuts)),
    );
  }

  private constructor(
    private readonly model: readonly KubeObject[],
    private readonly cutouts: readonly Cutout[],
  ) {}

  /** The service's objects as if the controller had made them weeks ago; they have no version yet. */
  objectsOf(service: GeneratedService): KubeObject[] {
    const filling = detailsOf(service);
    const { name, namespace } = service;
    filling.set('clusterIP', seededAddress('10.96', `${namespace}/${name}`));
    const renamed = (text: string) => text.replace(MODEL.name, name);
    const ordinals = new Map<string, number>();
    const order = this.cutouts.map((_, at) => at).sort(this.deploymentsFirst);
    const made: KubeObject[] = [];
    for (const { kind, metadata } of this.model) {
      filling.set(
        `uid ${kind}/${metadata.name}`,
        uidOf(`${kind}/${namespace}/${renamed(metadata.name)}`),
      );
    }
    for (const at of order) {
      const { kind, metadata } = this.model[at];
      if (kind === 'Pod') {
        this.namePod(metadata, service, filling, ordinals);
      }
      made[at] = filled(this.cutouts[at], filling);
      if (kind === 'Deployment') {
        filling.set(`hash ${metadata.name}`, templateHash(made[at]));
      }
    }
    return made;
  }

  /** A pod's name as the controller would choose it, so that the controller later finds all in order. */
  private namePod(
    { name, ownerReferences, labels }: KubeObject['metadata'],
    service: GeneratedService,
    filling: Filling,
    ordinals: Map<string, number>,
  ): void {
    const hash = labels?.['pod-template-hash'] ?? '';
    const owner = ownerReferences?.[0].name ?? '';
    const deployment = owner.slice(0, -hash.length - 1);
    const replicaSet = `${deployment.replace(
      MODEL.name,
      service.name,
    )}-${filling.get(`hash ${deployment}`)}`;
    const ordinal = ordinals.get(replicaSet) ?? 0;
    ordinals.set(replicaSet, ordinal + 1);
    const seed = `${service.namespace}/${replicaSet}#${ordinal}`;
    const podName = `${replicaSet}-${seededName(seed, 5)}`;
    filling.set(`pod ${name}`, podName);
    filling.set(`ip ${name}`, podAddress(`${service.namespace}/${podName}`));
  }

  private readonly deploymentsFirst = (a: number, b: number): number =>
    Number(this.model[b].kind === 'Deployment') -
    Number(this.model[a].kind === 'Deployment');
}

function modelObjects(style: GeneratedStyle, bornMs: number): KubeObject[] {
  const store = ObjectStore.create({ clock: () => new Date(bornMs) });
  const service = { ...MODEL, style };
  store.load([
    {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: MODEL.namespace,
        labels: { 'istio-injection': 'enabled' },
      },
    },
    ...workloadManifests(service),
    ...istioManifests(service),
  ]);
  const controller = WorkloadController.create({
    store,
    injects: (namespace, metadata) =>
      injectionOf(namespace, { metadata }).injects,
  });
  controller.start();
  controller.stop();
  return store.all().filter(({ kind }) => kind !== 'Namespace');
}

function detailsOf({
  name,
  namespace,
  settings,
  callers,
}: GeneratedService): Filling {
  return new Map([
    ['name', name],
    ['namespace', namespace],
    ['caller a', callers[0]],
    ['caller b', callers[1]],
    ...Object.entries(settings).map(([key, value]): [string, string] => [
      key,
      String(value),
    ]),
  ]);
}

function cutter(blanks: ReadonlyMap<string, string>) {
  const longestFirst = [...blanks.keys()].sort((a, b) => b.length - a.length);
  const pattern = new RegExp(
    longestFirst
      .map(text => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'))
      .join('|'),
    'g',
  );
  return (text: string): Cutout['parts'] => {
    const parts: { literal: string; blank?: string }[] = [];
    let from = 0;
    for (const match of text.matchAll(pattern)) {
      parts.push({
        literal: text.slice(from, match.index),
        blank: blanks.get(match[0]),
      });
      from = match.index + match[0].length;
    }
    return [...parts, { literal: text.slice(from) }];
  };
}

function cutout(
  object: KubeObject,
  cuts: (text: string) => Cutout['parts'],
): Cutout {
  const { resourceVersion: _, ...metadata } = object.metadata;
  const { managedFields, ...rest } = metadata;
  const isShared = cuts(JSON.stringify(managedFields ?? [])).length === 1;
  return {
    parts: cuts(
      JSON.stringify({ ...object, metadata: isShared ? rest : metadata }),
    ),
    managedFields: isShared ? managedFields : undefined,
  };
}

function filled({ parts, managedFields }: Cutout, filling: Filling) {
  let text = '';
  for (const { literal, blank } of parts) {
    text += literal;
    if (blank !== undefined) {
      text += filling.get(blank);
    }
  }
  const object = JSON.parse(text) as KubeObject;
  if (managedFields) {
    object.metadata.managedFields = managedFields;
  }
  return object;
}

function uidOf(seed: string): string {
  const hex = createHash('md5').update(seed).digest('hex');
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20),
  ].join('-');
}
