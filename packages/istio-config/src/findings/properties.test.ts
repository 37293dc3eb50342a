import fc from 'fast-check';
import {
  malformedObject,
  malformedObjects,
  RUNS,
} from '../__testUtils__/arbitrary';
import { describeRef, refOf } from '../kube/KubeObject';
import { MeshObjects } from '../MeshObjects';
import { effectiveRoutes } from '../routes/effectiveRoutes';
import { findings, findingsFor } from './findings';
import { objectsFor } from './objectsFor';

const options = { complete: true, now: () => 0 };
const all = (set: MeshObjects) => findings(set, { details: true });

describe('findings', () => {
  it('never throw, and no rule gives up, whatever the objects look like', () => {
    fc.assert(
      fc.property(malformedObjects, objects => {
        const found = all(MeshObjects.create(objects, options));
        expect(found.filter(({ code }) => code === 'IST0001')).toEqual([]);
      }),
      { numRuns: RUNS },
    );
  });

  it('do not depend on the order of the objects', () => {
    fc.assert(
      fc.property(malformedObjects, objects => {
        expect(
          all(MeshObjects.create([...objects].reverse(), options)),
        ).toEqual(all(MeshObjects.create(objects, options)));
      }),
      { numRuns: RUNS },
    );
  });

  it('are after a change what a full run finds', () => {
    fc.assert(
      fc.property(
        malformedObjects,
        fc.array(malformedObject, { maxLength: 4 }),
        fc.boolean(),
        (objects, changed, isRemoval) => {
          let set = MeshObjects.create(objects, options);
          const now = new Map(objects.map(object => [keyOf(object), object]));
          for (const object of changed) {
            all(set);
            if (isRemoval && objects.length > 0) {
              const gone = objects[changed.indexOf(object) % objects.length];
              now.delete(keyOf(gone));
              set = set.with([
                {
                  type: 'remove',
                  kind: gone.kind,
                  apiVersion: gone.apiVersion,
                  namespace: gone.metadata.namespace,
                  name: gone.metadata.name,
                },
              ]);
            } else {
              now.set(keyOf(object), object);
              set = set.with([{ type: 'put', object }]);
            }
          }
          expect(all(set)).toEqual(
            all(MeshObjects.create(now.values(), options)),
          );
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('findings of a service', () => {
  it('are those of all that are on its objects, after changes, too', () => {
    fc.assert(
      fc.property(
        malformedObjects,
        fc.array(malformedObject, { maxLength: 4 }),
        (objects, changed) => {
          let set = MeshObjects.create(objects, options);
          for (const object of [undefined, ...changed]) {
            set = object ? set.with([{ type: 'put', object }]) : set;
            const known = findings(set);
            for (const { metadata } of set.all('Service')) {
              const { namespace = '', name } = metadata;
              const own = findingsFor(set, namespace, name);
              const refs = objectsFor(set, namespace, name).map(each =>
                describeRef(refOf(each)),
              );
              expect(known).toEqual(expect.arrayContaining(own));
              expect(own).toEqual(
                expect.arrayContaining(
                  known.filter(({ resource }) =>
                    refs.includes(describeRef(resource)),
                  ),
                ),
              );
            }
          }
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('routes', () => {
  it('share out all requests of a rule that has destinations', () => {
    fc.assert(
      fc.property(
        fc.array(fc.integer({ min: 0, max: 1000 }), {
          minLength: 1,
          maxLength: 5,
        }),
        weights => {
          const set = MeshObjects.create([
            {
              apiVersion: 'v1',
              kind: 'Service',
              metadata: { name: 'a', namespace: 'one' },
            },
            {
              apiVersion: 'networking.istio.io/v1',
              kind: 'VirtualService',
              metadata: { name: 'a', namespace: 'one' },
              spec: {
                hosts: ['a'],
                http: [
                  {
                    route: weights.map(weight => ({
                      destination: { host: 'a' },
                      weight,
                    })),
                  },
                ],
              },
            },
          ]);
          const { rules } = effectiveRoutes(set, {
            namespace: 'one',
            service: 'a',
            from: { type: 'mesh', namespace: 'one' },
          });
          const total = rules[0].destinations.reduce(
            (sum, { share }) => sum + share,
            0,
          );
          expect(total).toBeCloseTo(1, 9);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

function keyOf(object: {
  apiVersion: string;
  kind: string;
  metadata: { namespace?: string; name: string };
}) {
  return `${object.apiVersion} ${object.kind} ${object.metadata.namespace} ${object.metadata.name}`;
}
