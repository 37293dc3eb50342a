import fc from 'fast-check';
import {
  malformedObject,
  malformedObjects,
  RUNS,
} from './__testUtils__/arbitrary';
import { findings } from './findings/findings';
import type { KubeObject } from './kube/KubeObject';
import { MeshObjects } from './MeshObjects';
import { virtualServicesNaming } from './routes/virtualServices';
import { SetReading } from './SetReading';

/** Reads a set in every way that there is. */
const READS: ((set: MeshObjects) => unknown)[] = [
  set => set.get('Service', 'one', 'a')?.spec,
  set => set.all('VirtualService').map(({ metadata }) => metadata.name),
  set => set.inNamespace('Pod', 'two').length,
  set => set.namespacesWith(['Gateway', 'Sidecar']),
  set => set.kinds(),
  set => set.knows('Deployment'),
  set => set.namespace('one')?.metadata.labels,
  set => set.meshConfig,
  set => findings(set),
];

describe('SetReading', () => {
  it('is the same in a later set only where all that was read is', () => {
    fc.assert(
      fc.property(
        malformedObjects,
        malformedObject,
        fc.subarray(READS),
        (objects, changed, reads) => {
          const before = MeshObjects.create(objects, { now: () => 0 });
          const reading = new SetReading();
          const noted = before.notedIn(reading);
          const answers = reads.map(read => read(noted));
          const after = before.with([{ type: 'put', object: changed }]);
          fc.pre(reading.isSameIn(after));
          expect(reads.map(read => read(after))).toEqual(answers);
        },
      ),
      { numRuns: RUNS },
    );
  });

  it('is the same after changes of what was not read', () => {
    const service = (name: string, port: number) => ({
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { namespace: 'one', name },
      spec: { port },
    });
    const before = MeshObjects.create([service('a', 1), service('b', 1)]);
    const reading = new SetReading();
    const noted = before.notedIn(reading);
    expect(noted.get('Service', 'one', 'a')?.spec.port).toBe(1);
    expect(noted.get('Service', 'one', 'none')).toBeUndefined();
    noted.derive(set => set.all('Pod').length);
    const other = before.with([{ type: 'put', object: service('b', 2) }]);
    expect(reading.isSameIn(other)).toBe(true);
    const own = other.with([{ type: 'put', object: service('a', 2) }]);
    expect(reading.isSameIn(own)).toBe(false);
    const come = other.with([{ type: 'put', object: service('none', 1) }]);
    expect(reading.isSameIn(come)).toBe(false);
  });

  it('is the same after changes of what names another host of the namespace', () => {
    const rule = (name: string, generation: number) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'VirtualService',
      metadata: { namespace: 'one', name, generation },
      spec: { hosts: [name] },
    });
    const before = MeshObjects.create([rule('a', 1), rule('b', 1)]);
    const reading = new SetReading();
    const host = 'a.one.svc.cluster.local';
    expect(virtualServicesNaming(before.notedIn(reading), host)).toEqual([
      rule('a', 1),
    ]);
    const other = before.with([{ type: 'put', object: rule('b', 2) }]);
    expect(reading.isSameIn(other)).toBe(true);
    const own = other.with([{ type: 'put', object: rule('a', 2) }]);
    expect(reading.isSameIn(own)).toBe(false);
    expect(virtualServicesNaming(own, host)).toEqual([rule('a', 2)]);
  });

  it('is another where the configuration of the mesh is', () => {
    const before = MeshObjects.create([]);
    const reading = new SetReading();
    expect(before.notedIn(reading).meshConfig.rootNamespace).toBe(
      'istio-system',
    );
    const after = before.with([
      {
        type: 'put',
        object: {
          apiVersion: 'v1',
          kind: 'ConfigMap',
          metadata: { namespace: 'istio-system', name: 'istio' },
          data: { mesh: 'rootNamespace: elsewhere' },
        } as KubeObject,
      },
    ]);
    expect(after.meshConfig.rootNamespace).toBe('elsewhere');
    expect(reading.isSameIn(after)).toBe(false);
  });

  it('notes a question once, however often it is asked', () => {
    const set = MeshObjects.create([]);
    const reading = new SetReading();
    const noted = set.notedIn(reading);
    for (let at = 0; at < 2000; at++) {
      noted.get('Service', 'one', 'a');
      noted.all('Pod');
    }
    expect(reading.isSameIn(set)).toBe(true);
  });

  it('does not vouch for what was too much to note', () => {
    const set = MeshObjects.create([]);
    const reading = new SetReading();
    const noted = set.notedIn(reading);
    for (let at = 0; at < 2000; at++) {
      noted.get('Service', 'one', `service-${at}`);
    }
    expect(reading.isSameIn(set)).toBe(false);
  });
});
