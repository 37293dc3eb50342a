import fc from 'fast-check';
import { istio } from '../../testMesh';
import { ONE, TWO } from '../World';
import { sometimes } from './sometimes';

/** Where the marks are that tell a configuration in force. */
const MARKS = 'istio-system/*';

const listener = (port?: number) =>
  fc
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
    .map(hosts => ({
      ...(port ? { port: { number: port, protocol: 'HTTP', name: 'p' } } : {}),
      hosts: [...hosts, MARKS],
    }));

/** Sidecars that leave out a part of the mesh. */
export const sidecar = fc
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
