import type { KubeObject } from '../kube/KubeObject';
import { type DeliveredBy, deliveredBy } from './deliveredBy';

const TRACKING = 'argocd.argoproj.io/tracking-id';
const INSTANCE = 'argocd.argoproj.io/instance';
const ID = 'networking.istio.io/VirtualService:orion/reviews';
const FLUX = {
  'kustomize.toolkit.fluxcd.io/name': 'apps',
  'kustomize.toolkit.fluxcd.io/namespace': 'flux-system',
};
const HELM = {
  'helm.toolkit.fluxcd.io/name': 'shop',
  'helm.toolkit.fluxcd.io/namespace': 'orion',
};
const CANARY = {
  apiVersion: 'flagger.app/v1beta1',
  kind: 'Canary',
  name: 'reviews',
  uid: '1',
  controller: true,
};

const CERTAINLY_SHOP: DeliveredBy = {
  tool: 'Argo CD',
  kind: 'Application',
  name: 'shop',
  certainty: 'certain',
};
const BY_LABEL: DeliveredBy = { ...CERTAINLY_SHOP, certainty: 'likely' };
const APPS: DeliveredBy = {
  tool: 'Flux',
  kind: 'Kustomization',
  name: 'apps',
  namespace: 'flux-system',
  certainty: 'likely',
};
const RELEASE: DeliveredBy = {
  ...APPS,
  kind: 'HelmRelease',
  name: 'shop',
  namespace: 'orion',
};

/** Of what comes from a cluster, nothing is sure. */
const route = (metadata: object) =>
  ({
    apiVersion: 'networking.istio.io/v1',
    kind: 'VirtualService',
    metadata: { name: 'reviews', namespace: 'orion', ...metadata },
  } as KubeObject);
const tracked = (id: unknown, labels?: object) =>
  route({ annotations: { [TRACKING]: id }, labels });

describe('deliveredBy', () => {
  it.each<[string, KubeObject, DeliveredBy | undefined]>([
    ['nothing', route({}), undefined],
    ['a tracking-id of this object', tracked(`shop:${ID}`), CERTAINLY_SHOP],
    [
      'a tracking-id with the namespace of the Application',
      tracked(`team-a_shop:${ID}`),
      { ...CERTAINLY_SHOP, namespace: 'team-a' },
    ],
    ['a tracking-id of another object', tracked(`shop:${ID}-2`), undefined],
    [
      'a tracking-id of another namespace',
      tracked(`shop:${ID.replace('orion', 'vega')}`),
      undefined,
    ],
    [
      'a tracking-id of another kind',
      tracked(`shop:${ID.replace('VirtualService', 'Gateway')}`),
      undefined,
    ],
    [
      'a tracking-id of another object, and the label that was copied with it',
      tracked(`shop:${ID}-2`, { [INSTANCE]: 'shop' }),
      undefined,
    ],
    ['Argo CD’s label', route({ labels: { [INSTANCE]: 'shop' } }), BY_LABEL],
    [
      'an empty tracking-id and Argo CD’s label',
      tracked('', { [INSTANCE]: 'shop' }),
      BY_LABEL,
    ],
    [
      'the label that every chart writes',
      route({ labels: { 'app.kubernetes.io/instance': 'shop' } }),
      undefined,
    ],
    ['Flux’s labels of a Kustomization', route({ labels: FLUX }), APPS],
    ['Flux’s labels of a HelmRelease', route({ labels: HELM }), RELEASE],
    [
      'both of Flux’s, where a HelmRelease’s chart was made by a Kustomization',
      route({ labels: { ...FLUX, ...HELM } }),
      APPS,
    ],
    [
      'half of Flux’s labels',
      route({ labels: { 'kustomize.toolkit.fluxcd.io/name': 'apps' } }),
      undefined,
    ],
    [
      'what people tell Flux',
      route({ labels: { 'kustomize.toolkit.fluxcd.io/prune': 'disabled' } }),
      undefined,
    ],
    [
      'what Flagger makes of Flux’s labels',
      route({
        labels: FLUX,
        annotations: { 'kustomize.toolkit.fluxcd.io/reconcile': 'disabled' },
        ownerReferences: [CANARY],
      }),
      undefined,
    ],
    [
      'Flux told by a label to leave it',
      route({
        labels: {
          ...HELM,
          'kustomize.toolkit.fluxcd.io/reconcile': 'Disabled',
        },
      }),
      undefined,
    ],
    [
      'Flux told to write it only where it is not there',
      route({
        labels: FLUX,
        annotations: { 'kustomize.toolkit.fluxcd.io/ssa': 'IfNotPresent' },
      }),
      undefined,
    ],
    [
      'labels that a controller copied',
      route({ labels: FLUX, ownerReferences: [CANARY] }),
      { ...APPS, madeBy: 'Canary reviews' },
    ],
    [
      'an owner that does not control it',
      route({
        labels: FLUX,
        ownerReferences: [{ ...CANARY, controller: false }],
      }),
      APPS,
    ],
    [
      'a controller and no mark',
      route({ ownerReferences: [CANARY] }),
      undefined,
    ],
    [
      'a tracking-id of this object, and Flux’s labels',
      tracked(`shop:${ID}`, FLUX),
      CERTAINLY_SHOP,
    ],
    [
      'a tracking-id of another object, and Flux’s labels',
      tracked(`shop:${ID}-2`, FLUX),
      APPS,
    ],
    [
      'Argo CD’s label, and Flux told to leave it',
      route({
        labels: { ...FLUX, [INSTANCE]: 'shop' },
        annotations: { 'kustomize.toolkit.fluxcd.io/ssa': 'Ignore' },
      }),
      BY_LABEL,
    ],
  ])('reads %s', (_marks, object, expected) => {
    expect(deliveredBy(object)).toEqual(expected);
  });

  it.each<[string, object]>([
    ['no maps', { labels: 'a', annotations: [TRACKING] }],
    ['null', { labels: null, annotations: null, ownerReferences: null }],
    [
      'no texts',
      { annotations: { [TRACKING]: { a: 1 } }, labels: { [INSTANCE]: 7 } },
    ],
    ['names of prototypes', { labels: Object.create(FLUX) }],
    ['a tracking-id without parts', { annotations: { [TRACKING]: 'shop' } }],
    ['many separators', { annotations: { [TRACKING]: ':/'.repeat(200_000) } }],
    ['three names', { annotations: { [TRACKING]: `a_b_c:${ID}` } }],
    ['no name', { annotations: { [TRACKING]: `team_:${ID}` } }],
    ['a way out of the path', { annotations: { [TRACKING]: `..:${ID}` } }],
    ['a path', { labels: { [INSTANCE]: '../../secrets/x' } }],
    ['a line end', { labels: { [INSTANCE]: 'shop\n' } }],
    ['a name too long', { labels: { [INSTANCE]: 'a'.repeat(100_000) } }],
    [
      'a path of Flux',
      { labels: { ...FLUX, 'kustomize.toolkit.fluxcd.io/name': 'a/b' } },
    ],
    [
      'an empty namespace',
      { labels: { ...FLUX, 'kustomize.toolkit.fluxcd.io/namespace': '' } },
    ],
  ])(
    'takes hostile marks for none, and does not throw: %s',
    (_what, metadata) => {
      expect(deliveredBy(route(metadata))).toBeUndefined();
    },
  );

  it('names a maker, whatever it is', () => {
    const ownerReferences = [null, 'x', { controller: true }];
    expect(deliveredBy(route({ labels: FLUX, ownerReferences }))).toEqual({
      ...APPS,
      madeBy: 'undefined undefined',
    });
  });
});
