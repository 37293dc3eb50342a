import fc from 'fast-check';
import { istio } from '../../testMesh';
import { EDGE, HEADLESS, ONE, TWO } from '../places';
import type { Ask } from '../Trial';
import { destinationRule } from './destinationRules';
import { ask } from './requests';
import { sometimes } from './sometimes';

const HOST = `${HEADLESS}.${ONE}.svc.cluster.local`;
const PORTS = [8080, 8081];

const destination = fc.record({
  host: fc.constantFrom(HOST, HOST, HOST, 'a.compare-one.svc.cluster.local'),
  subset: sometimes(fc.constantFrom('v1', 'v2', 'none'), 2),
  port: sometimes(fc.constantFrom({ number: 8080 }, { number: 8081 }), 1),
});

/** VirtualServices of the headless Service, and such as lead there from elsewhere. */
export const headlessVirtualService = fc
  .record({
    place: fc.constantFrom(ONE, ONE, TWO, EDGE),
    name: fc.constantFrom('first', 'second'),
    hosts: fc.constantFrom(
      [HOST],
      [HOST],
      ['a.compare-one.svc.cluster.local'],
      ['*.compare-one.svc.cluster.local'],
      ['a.example.com'],
    ),
    gateways: sometimes(fc.constant(['mesh', `${EDGE}/web`]), 1),
    http: fc.array(
      fc.record({
        match: sometimes(fc.constant([{ uri: { prefix: '/a' } }]), 1),
        route: destination.map(one => [{ destination: one }]),
      }),
      { minLength: 1, maxLength: 2 },
    ),
  })
  .map(({ place, name, ...spec }) =>
    istio('VirtualService', place, name, spec),
  );

/** DestinationRules as of the others, for the headless Service. */
export const headlessDestinationRule = destinationRule.map(rule => ({
  ...rule,
  spec: {
    ...rule.spec,
    host: HOST,
    ...(rule.spec.trafficPolicy
      ? { trafficPolicy: onOwnPorts(rule.spec.trafficPolicy) }
      : {}),
  },
}));

function onOwnPorts(policy: any): object {
  return {
    ...policy,
    ...(policy.portLevelSettings
      ? {
          portLevelSettings: policy.portLevelSettings.map((one: any) => ({
            ...one,
            port: { number: one.port.number === 80 ? 8080 : 8081 },
          })),
        }
      : {}),
  };
}

/** The pods of the headless Service by their addresses, and the others as ever. */
export const headlessAsk: fc.Arbitrary<Ask> = fc
  .tuple(ask, fc.integer({ min: 0, max: 3 }), fc.constantFrom(...PORTS))
  .map(([one, which, port]) =>
    one.gateway || which === 0
      ? one
      : {
          ...one,
          to: `${ONE}/${HEADLESS}`,
          host: [HOST, HOST, `${HEADLESS}.${ONE}`][which - 1],
          port,
        },
  );
