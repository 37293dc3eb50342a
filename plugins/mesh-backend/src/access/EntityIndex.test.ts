import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { component } from '../__testUtils__/startPortal';
import { EntityIndex } from './EntityIndex';

const REF = 'component:default/shop';
const shop = component('shop', { 'meshdeck.io/services': 'team/shop' });
/** Its spec may be megabytes, and nobody asks for more of it than whose it is. */
const kept = { ...shop, spec: { owner: shop.spec?.owner } };

function indexOver(catalog: ReturnType<typeof catalogServiceMock.mock>) {
  const clock = { now: 0 };
  const logger = mockServices.logger.mock();
  const index = EntityIndex.create({
    auth: mockServices.auth(),
    catalog,
    logger,
    now: () => clock.now,
  });
  return { clock, index, logger };
}

describe('EntityIndex', () => {
  it('asks the catalog once for all who wait, then not for a minute', async () => {
    const catalog = catalogServiceMock.mock({
      getEntityByRef: async () => shop,
    });
    const { clock, index } = indexOver(catalog);
    expect(
      await Promise.all([index.get(REF), index.get(REF), index.fresh(REF)]),
    ).toEqual([kept, kept, kept]);
    expect(catalog.getEntityByRef).toHaveBeenCalledTimes(1);
    clock.now = 59_999;
    await index.get(REF);
    expect(catalog.getEntityByRef).toHaveBeenCalledTimes(1);
    clock.now = 60_000;
    await index.get(REF);
    expect(catalog.getEntityByRef).toHaveBeenCalledTimes(2);
    await index.fresh(REF);
    expect(catalog.getEntityByRef).toHaveBeenCalledTimes(3);
  });

  it('forgets an entity that is gone, and gives the next one its own answer after a failure', async () => {
    const catalog = catalogServiceMock.mock();
    const { index } = indexOver(catalog);
    catalog.getEntityByRef.mockResolvedValueOnce(shop);
    await index.get(REF);
    expect(index.all()).toEqual([kept]);
    catalog.getEntityByRef.mockResolvedValueOnce(undefined);
    expect(await index.fresh(REF)).toBeUndefined();
    expect(index.all()).toEqual([]);
    catalog.getEntityByRef.mockRejectedValueOnce(new Error('catalog is down'));
    await expect(index.get(REF)).rejects.toThrow('catalog is down');
    catalog.getEntityByRef.mockResolvedValueOnce(shop);
    expect(await index.get(REF)).toEqual(kept);
  });

  it('lists the entities of the mesh page by page, and outlives a catalog that is down', async () => {
    const catalog = catalogServiceMock.mock();
    const page = (name: string, nextCursor?: string) => ({
      items: [component(name)],
      totalItems: 2,
      pageInfo: { nextCursor },
    });
    catalog.queryEntities
      .mockResolvedValueOnce(page('a', 'more'))
      .mockResolvedValueOnce(page('b'));
    const { index } = indexOver(catalog);
    index.start();
    await new Promise(setImmediate);
    index.stop();
    expect(index.all().map(({ metadata }) => metadata.name)).toEqual([
      'a',
      'b',
    ]);
    expect(catalog.queryEntities.mock.calls[1][0]).toMatchObject({
      cursor: 'more',
    });

    const failing = catalogServiceMock.mock();
    failing.queryEntities.mockRejectedValue(new Error('catalog is down'));
    const { index: other, logger } = indexOver(failing);
    other.start();
    await new Promise(setImmediate);
    other.stop();
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringContaining('catalog is down'),
    );
  });
});
