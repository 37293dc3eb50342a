import fc from 'fast-check';
import { examplePlatforms } from '../prometheus/__fixtures__/examplePlatforms';
import {
  after,
  editRoute,
  LOGIN,
  NOON,
  outcomes,
} from './__fixtures__/orionTraffic';

describe('what holds for all traffic', () => {
  it('sends every offered request somewhere, whatever the weights, faults and timeouts', () => {
    fc.assert(
      fc.property(
        fc.record({
          weights: fc.tuple(fc.nat(100), fc.nat(100)),
          abort: fc.option(fc.integer({ min: 0, max: 100 })),
          delay: fc.option(fc.integer({ min: 0, max: 100 })),
          timeout: fc.option(fc.integer({ min: 1, max: 400 })),
          attempts: fc.option(fc.nat(4)),
        }),
        ({ weights, abort, delay, timeout, attempts }) => {
          const traffic = after(cluster =>
            editRoute(cluster, http => {
              http[0].route[0].weight = weights[0];
              http[0].route[1].weight = weights[1];
              http[0].timeout = timeout === null ? undefined : `${timeout}ms`;
              http[0].retries =
                attempts === null
                  ? undefined
                  : { attempts, perTryTimeout: '60ms', retryOn: '5xx' };
              http[0].fault = {
                abort:
                  abort === null
                    ? undefined
                    : { percentage: { value: abort }, httpStatus: 503 },
                delay:
                  delay === null
                    ? undefined
                    : { percentage: { value: delay }, fixedDelay: '70ms' },
              };
            }),
          );
          const result = outcomes(traffic, LOGIN);
          fc.pre(weights[0] + weights[1] > 0);
          expect(result.atCaller(/./)).toBeCloseTo(1, 9);
        },
      ),
      { numRuns: 40 },
    );
  });

  it('counts only upwards, also across changes of the configuration', () => {
    let now = NOON;
    const { cluster, traffic } = examplePlatforms({
      names: ['orion'],
      clock: () => now,
    });
    now += 60_000;
    editRoute(cluster, http => {
      http[0].route[0].weight = 0;
      http[0].route[1].weight = 100;
    });
    now += 60_000;
    cluster.remove('Deployment', 'orion', 'auth-service-canary');
    now += 600_000;
    const meters = [...traffic.meters()];
    expect(meters.length).toBeGreaterThan(50);
    fc.assert(
      fc.property(
        fc.nat(meters.length - 1),
        fc.nat(3),
        fc.array(fc.integer({ min: traffic.originMs, max: now }), {
          minLength: 2,
          maxLength: 12,
        }),
        (index, slot, times) => {
          const values = times
            .sort((a, b) => a - b)
            .map(time =>
              meters[index].valueAt(slot % meters[index].size, time),
            );
          values.slice(1).forEach((value, position) => {
            expect(value).toBeGreaterThanOrEqual(values[position] - 1e-6);
          });
        },
      ),
      { numRuns: 200 },
    );
  });
});
