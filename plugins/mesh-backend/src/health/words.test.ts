import { about, flagMeaning, listed, requestsOf } from './words';

describe('the words of a health', () => {
  it.each([
    [1, ['everything'], 'Every request'],
    [0.2, ['everything'], '20 % of requests'],
    [1, ['header x-canary = true'], 'Every request with x-canary: true'],
    [0.2, ['header x-canary = true'], '20 % of requests with x-canary: true'],
    [1, ['everything else'], 'Every request that no other rule takes'],
    [0.5, ['everything else'], '50 % of all other requests'],
    [1, ['POST /login*'], 'Every request to POST /login*'],
    [0.1, ['POST /login*'], '10 % of POST /login*'],
    [1, ['port 5000'], 'Every request on port 5000'],
    [
      1,
      ['header a present', 'GET /b, header c = d'],
      'Every request with a or to GET /b, with c: d',
    ],
    [0.3, ['host shop', '/b'], '30 % of requests for shop or /b'],
  ])('name the requests of a rule: %f of %j', (share, requests, words) => {
    expect(requestsOf(share, requests)).toBe(words);
  });

  it('say a share without tenths where it is large', () => {
    expect([0.0004, 0.021, 0.2449, 0.9949, 0.9996, 1].map(about)).toEqual([
      'less than 0.1 %',
      '2.1 %',
      '24 %',
      '99 %',
      '99.9 %',
      '100 %',
    ]);
  });

  it('list the first of many', () => {
    expect(
      [['a'], ['a', 'b'], ['a', 'b', 'c'], ['a', 'b', 'c', 'd']].map(names =>
        listed(names),
      ),
    ).toEqual(['a', 'a and b', 'a, b and 1 other', 'a, b and 2 others']);
  });

  it('tell what a flag means, the first that says anything', () => {
    expect(flagMeaning('UH')).toBe('no pod is healthy');
    expect(flagMeaning('-')).toBeUndefined();
    expect(flagMeaning('DPE,UF,URX')).toBe(
      'no connection to a pod can be made',
    );
    expect(flagMeaning('constructor')).toBeUndefined();
  });
});
