import type { KubeObject } from '@meshdeck/istio-config';
import { manifestSources } from './manifestSources';

const ROUTE: KubeObject = {
  apiVersion: 'networking.istio.io/v1',
  kind: 'VirtualService',
  metadata: { name: 'reviews', namespace: 'orion' },
};

describe('manifestSources', () => {
  const objects: KubeObject[] = [
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'shop', namespace: 'argocd' },
      spec: { source: { repoURL: 'https://git.example.com/a/b', path: 'x' } },
    },
    {
      apiVersion: 'kustomize.toolkit.fluxcd.io/v1',
      kind: 'Kustomization',
      metadata: { name: 'shop', namespace: 'flux-system' },
      spec: {
        path: './x',
        sourceRef: { kind: 'GitRepository', name: 'fleet' },
      },
    },
    {
      apiVersion: 'source.toolkit.fluxcd.io/v1',
      kind: 'GitRepository',
      metadata: { name: 'fleet', namespace: 'flux-system' },
      spec: { url: 'https://git.example.com/a/b', ref: { branch: 'main' } },
    },
  ];
  const read = async (ref: {
    kind: string;
    name: string;
    namespace?: string;
  }) =>
    objects.find(
      ({ kind, metadata }) =>
        kind === ref.kind &&
        metadata.name === ref.name &&
        metadata.namespace === ref.namespace,
    );

  it('reads what delivers the object', async () => {
    const found = { repositoryUrl: 'https://git.example.com/a/b', folder: 'x' };
    expect(
      await manifestSources(
        ROUTE,
        {
          tool: 'Argo CD',
          kind: 'Application',
          name: 'shop',
          certainty: 'certain',
        },
        read,
      ),
    ).toEqual([expect.objectContaining(found)]);
    expect(
      await manifestSources(
        ROUTE,
        {
          tool: 'Flux',
          kind: 'Kustomization',
          name: 'shop',
          namespace: 'flux-system',
          certainty: 'likely',
        },
        read,
      ),
    ).toEqual([expect.objectContaining({ ...found, branch: 'main' })]);
  });

  it('says where it is not', async () => {
    await expect(
      manifestSources(
        ROUTE,
        {
          tool: 'Argo CD',
          kind: 'Application',
          name: 'shop',
          certainty: 'certain',
          namespace: 'x',
        },
        read,
      ),
    ).rejects.toThrow(
      'Application x/shop, which delivers the object, is not in this cluster',
    );
    await expect(
      manifestSources(
        ROUTE,
        {
          tool: 'Flux',
          kind: 'HelmRelease',
          name: 'shop',
          namespace: 'x',
          certainty: 'likely',
        },
        read,
      ),
    ).rejects.toThrow('only its values');
  });
});
