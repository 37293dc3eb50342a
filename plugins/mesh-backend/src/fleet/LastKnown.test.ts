import { LastKnown } from './LastKnown';

describe('LastKnown', () => {
  it('shows the old while it asks for the new, once for all', async () => {
    let now = 0;
    let asked = 0;
    const kept = LastKnown.create({
      now: () => now,
      renew: async () => {
        asked += 1;
        return asked;
      },
    });
    const get = () =>
      kept.get({
        isFresh: (_value, ageMs) => ageMs < 10,
        isUsable: (_value, ageMs) => ageMs < 100,
      });
    expect(await Promise.all([get(), get()])).toEqual([1, 1]);
    now = 20;
    expect(await get()).toBe(1);
    await new Promise(setImmediate);
    expect(await get()).toBe(2);
    now = 500;
    expect(await get()).toBe(3);
  });

  it('lets nobody wait longer than their patience', async () => {
    const kept = LastKnown.create<number>({
      renew: () => new Promise(() => {}),
    });
    expect(
      await kept.get({
        isFresh: () => true,
        isUsable: () => true,
        patienceMs: 5,
      }),
    ).toBeUndefined();
  });
});
