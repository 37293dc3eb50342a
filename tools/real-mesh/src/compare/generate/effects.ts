import fc from 'fast-check';
import { istio } from '../../testMesh';
import type { Ask } from '../Trial';
import { EDGE, ONE, TWO } from '../places';
import { httpRoute } from './gatewayApi';
import { ask, SLOWLY } from './requests';
import { sometimes } from './sometimes';

const STATUSES = [200, 200, 404, 409, 418, 500, 502, 503, 504];

const destination = fc.record({
  host: fc.constantFrom(
    'a.compare-one.svc.cluster.local',
    'b.compare-one.svc.cluster.local',
    'c.compare-two.svc.cluster.local',
    'd.compare-plain.svc.cluster.local',
    'single.compare-one.svc.cluster.local',
    'hidden.compare-two.svc.cluster.local',
    'nobody.compare-one.svc.cluster.local',
  ),
  subset: sometimes(fc.constantFrom('v1', 'v2', 'none'), 4),
  port: sometimes(fc.constantFrom({ number: 80 }, { number: 81 }), 1),
});
const share = fc.constantFrom({ value: 100 }, { value: 0 }, undefined);
const copies = fc.oneof(
  fc
    .tuple(destination, share)
    .map(([mirror, mirrorPercentage]) => ({ mirror, mirrorPercentage })),
  fc
    .array(fc.record({ destination, percentage: share }), {
      minLength: 1,
      maxLength: 2,
    })
    .map(mirrors => ({ mirrors })),
);
const retries = fc.constantFrom(
  { attempts: 0 },
  { attempts: 1 },
  { attempts: 2, retryOn: '5xx' },
  { attempts: 3, retryOn: 'gateway-error' },
  { attempts: 1, retryOn: 'gateway-error,retriable-4xx' },
  { attempts: 2, retryOn: '418,500' },
  { attempts: 2, retryOn: 'reset,connect-failure' },
  { attempts: 1, retryOn: 'retriable-status-codes,503' },
);
const rewrite = fc.constantFrom(
  { uri: '/new' },
  { authority: 'other.example.com' },
);
const rule = fc
  .record({
    match: sometimes(fc.constant([{ uri: { prefix: '/a' } }]), 2),
    route: destination.map(one => [{ destination: one }]),
    copies: sometimes(copies, 1),
    retries: sometimes(retries, 1),
    rewrite: sometimes(rewrite, 4),
    fault: sometimes(
      fc.constant({ abort: { percentage: { value: 100 }, httpStatus: 418 } }),
      12,
    ),
  })
  .map(({ copies: copied, ...rest }) => ({ ...rest, ...copied }));

/** VirtualServices that copy, and try again. */
export const effectVirtualService = fc
  .record({
    place: fc.constantFrom(ONE, ONE, TWO, EDGE),
    name: fc.constantFrom('first', 'second'),
    hosts: fc.constantFrom(
      ['a.compare-one.svc.cluster.local'],
      ['a.compare-one.svc.cluster.local', 'a.example.com'],
      ['*.compare-one.svc.cluster.local'],
      ['*.example.com'],
    ),
    gateways: sometimes(fc.constant(['mesh', `${EDGE}/web`]), 1),
    http: fc.array(rule, { minLength: 1, maxLength: 2 }),
  })
  .map(({ place, name, ...spec }) =>
    istio('VirtualService', place, name, spec),
  );

const backendRef = fc.record({
  name: fc.constantFrom('a', 'b', 'nobody'),
  namespace: fc.constantFrom(ONE, TWO),
  port: fc.constantFrom(80, 81),
});

/** HTTPRoutes with copies, and with tries where the API server knows them. */
export const effectHttpRoute = fc
  .tuple(
    httpRoute,
    fc.array(backendRef, { minLength: 1, maxLength: 2 }),
    sometimes(
      fc.constantFrom(
        { attempts: 2, codes: [500, 503] },
        { attempts: 1 },
        { codes: [502] },
      ),
      1,
    ),
  )
  .map(([route, mirrors, retry]) => ({
    ...route,
    spec: {
      ...route.spec,
      rules: route.spec.rules.map((one: any) => {
        const isRedirect = one.filters?.some(
          (filter: any) => filter.type === 'RequestRedirect',
        );
        return isRedirect
          ? one
          : {
              ...one,
              retry,
              filters: [
                ...(one.filters ?? []),
                ...mirrors.map(backend => ({
                  type: 'RequestMirror',
                  requestMirror: { backendRef: backend },
                })),
              ],
            };
      }),
    },
  }));

/** Requests that the app answers as it is told; what arrives is counted. */
export const effectAsk: fc.Arbitrary<Ask> = fc
  .tuple(
    ask.filter(
      ({ from, to, headers }) =>
        !headers[SLOWLY] &&
        // A caller that is copied to comes back to its own pod.
        from !== `${ONE}/b` &&
        !to.endsWith('/hidden'),
    ),
    fc.constantFrom(...STATUSES),
  )
  .map(([one, answeredWith]) => ({ ...one, answeredWith }));
