import {
  startDemoMesh,
  startPortal,
  component,
} from '../__testUtils__/startPortal';
import { namedEntities } from './namedEntities';

const annotated = (text: string) => ({
  metadata: { annotations: { 'meshdeck.io/entity': text } },
});

describe('namedEntities', () => {
  it.each([
    ['component:default/shop', ['component:default/shop']],
    ['Component:Default/Shop', ['component:default/shop']],
    ['shop', ['component:default/shop']],
    ['a, api:b/c ,', ['component:default/a', 'api:b/c']],
    ['::/', []],
    [':::,component:default/shop', ['component:default/shop']],
    ['', []],
  ])('reads %j as %j', (text, refs) => {
    expect(namedEntities(annotated(text))).toEqual(refs);
  });

  it('knows that nothing is named where nothing is annotated', () => {
    expect(namedEntities(undefined)).toEqual([]);
    expect(namedEntities({ metadata: {} })).toEqual([]);
  });

  it('costs no view anything where somebody typed nonsense on a caller', async () => {
    const mesh = await startDemoMesh();
    const portal = await startPortal({
      mesh,
      entities: [
        component('auth-service', {
          'backstage.io/kubernetes-id': 'auth-service',
        }),
      ],
    });
    const response = await fetch(
      `${mesh.urls.kubernetes}/api/v1/namespaces/orion/services/gateway-service`,
      {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/merge-patch+json' },
        body: JSON.stringify(annotated('::/, a/b/c/d, component:')),
      },
    );
    expect(response.status).toBe(200);
    for (const view of ['security', 'topology']) {
      const { status } = await portal.get(
        'auth-service',
        `/placements/demo:orion:auth-service/${view}`,
      );
      expect(status).toBe(200);
    }
    await portal.server.stop();
    await mesh.stop();
  });
});
