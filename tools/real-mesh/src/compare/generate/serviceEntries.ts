import fc from 'fast-check';
import { istio } from '../../testMesh';
import { ONE, OUTSIDE, TWO } from '../World';
import { sometimes } from './sometimes';

/** Hosts outside the mesh; behind each is the same pod without a proxy. */
export const serviceEntry = fc
  .record({
    place: fc.constant(ONE),
    name: fc.constant('entry'),
    hosts: fc.constantFrom(
      ['x.entry.test'],
      ['x.entry.test', 'y.entry.test'],
      ['y.entry.test'],
      ['a.example.com'],
    ),
    port: fc.constantFrom(
      { number: 80, name: 'http', protocol: 'HTTP' },
      { number: 81, name: 'http', protocol: 'HTTP' },
    ),
    exportTo: sometimes(fc.constantFrom(['.'], [TWO], ['*']), 2),
  })
  .map(({ place, name, port, ...spec }) =>
    istio('ServiceEntry', place, name, {
      ...spec,
      location: 'MESH_EXTERNAL',
      resolution: 'STATIC',
      ports: [{ ...port, targetPort: 8080 }],
      endpoints: [{ address: OUTSIDE }],
    }),
  );
