import { planObject } from './editObject';
import { setOf } from './__testUtils__/cart';

describe('a text', () => {
  const before = {
    ...setOf().get('DestinationRule', 'shop', 'cart')!,
    status: { seen: 1 },
  };
  before.metadata = { ...before.metadata, finalizers: ['a'], uid: 'u' };

  it.each<[string, object, object, string]>([
    [
      'as it was',
      {},
      {},
      'DestinationRule shop/cart becomes what was written.',
    ],
    [
      'with other owners, finalizers and status',
      { ownerReferences: [{ uid: 'x' }], finalizers: [] },
      { status: { seen: 2 } },
      'DestinationRule shop/cart becomes what was written, but for metadata.finalizers, metadata.ownerReferences, status: what stands there stays as it is.',
    ],
  ])('%s says what of it is left as it is', (_what, metadata, more, says) => {
    const { edits, sentence } = planObject(before, {
      ...before,
      ...more,
      metadata: { ...before.metadata, ...metadata },
    });
    expect(sentence).toBe(says);
    expect(edits).toMatchObject([{ operations: [] }]);
  });

  it('may leave out what only the server decides', () => {
    const { apiVersion, kind, spec } = before;
    const metadata = { namespace: 'shop', name: 'cart' };
    expect(
      planObject(before, { apiVersion, kind, metadata, spec }).sentence,
    ).toBe('DestinationRule shop/cart becomes what was written.');
  });
});
