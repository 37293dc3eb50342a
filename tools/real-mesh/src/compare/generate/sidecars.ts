import fc from 'fast-check';
import { istio } from '../../testMesh';
import type { AnyObject } from '../../KubeApi';
import { ONE, TWO } from '../places';
import { sometimes } from './sometimes';

/** Where the marks are that tell a configuration in force. */
const MARKS = 'istio-system/*';

const somewhere = fc
  .uniqueArray(
    fc.constantFrom(
      './*',
      'compare-one/*',
      '*/a.compare-one.svc.cluster.local',
      'compare-two/*.compare-two.svc.cluster.local',
      '*/*.example.com',
      '*/*.entry.test',
      '~/b.compare-one.svc.cluster.local',
    ),
    { maxLength: 3 },
  )
  .map(hosts => [...hosts, MARKS]);

const amongEntries = fc.oneof(
  {
    weight: 2,
    arbitrary: fc
      .uniqueArray(
        fc.constantFrom(
          './*',
          'compare-one/*',
          'compare-two/*',
          'compare-one/x.entry.test',
          'compare-two/x.entry.test',
          'compare-two/*.entry.test',
          '*/x.entry.test',
          '*/*.entry.test',
          '~compare-one/x.entry.test',
          '~/y.entry.test',
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map(hosts => [...hosts, MARKS]),
  },
  {
    // Where all hosts are exact, istiod looks them up in another way.
    weight: 1,
    arbitrary: fc
      .uniqueArray(
        fc.constantFrom(
          'compare-one/x.entry.test',
          'compare-two/x.entry.test',
          'compare-one/y.entry.test',
          './a.compare-one.svc.cluster.local',
        ),
        { minLength: 1, maxLength: 3 },
      )
      .map(hosts => [...hosts, 'istio-system/marker.compare.test']),
  },
);

const listenerOf = (hosts: fc.Arbitrary<string[]>, port?: number) =>
  hosts.map(list => ({
    ...(port ? { port: { number: port, protocol: 'HTTP', name: 'p' } } : {}),
    hosts: list,
  }));

/** Sidecars that leave out a part of the mesh. */
export const sidecar = sidecarOf(somewhere);

/** Sidecars that leave out some of the ServiceEntries of a host. */
export const entrySidecar = sidecarOf(amongEntries);

function sidecarOf(hosts: fc.Arbitrary<string[]>): fc.Arbitrary<AnyObject> {
  const listener = (port?: number) => listenerOf(hosts, port);
  return fc
    .record({
      place: fc.constantFrom(ONE, TWO, 'istio-system'),
      name: fc.constantFrom('default', 'own'),
      selector: sometimes(fc.constantFrom({ labels: { app: 'client' } }), 2),
      outboundTrafficPolicy: sometimes(
        fc.constantFrom({ mode: 'REGISTRY_ONLY' }, { mode: 'ALLOW_ANY' }),
        1,
      ),
      egress: fc.oneof(
        { weight: 3, arbitrary: fc.tuple(listener()) },
        { weight: 1, arbitrary: fc.tuple(listener(81), listener()) },
      ),
    })
    .map(({ place, name, selector, ...spec }) =>
      istio('Sidecar', place, name, {
        ...(selector && place !== 'istio-system'
          ? { workloadSelector: selector }
          : {}),
        ...spec,
      }),
    );
}
