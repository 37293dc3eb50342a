import { MeshObjects } from '@meshdeck/istio-config';
import { Traffic } from './metrics/Traffic';
import { PlaceNames } from './topology/PlaceNames';
import { jaegerTrace } from './sources/tracing/jaegerTrace';
import { tlsWords } from './routes/surroundings';

// What JavaScript finds on every object, under a name that somebody may have given.
const NAMES = ['constructor', 'toString', 'valueOf', '__proto__'];

describe.each(NAMES)('a thing that is called %s', name => {
  it('is no mode of TLS that we have words for', () => {
    expect(tlsWords(name)).toBe(name);
  });

  it('says nothing about encryption as a label', () => {
    const labels = { connection_security_policy: name, reporter: 'waypoint' };
    const traffic = Traffic.fromReports([{ labels, points: [[0, 1]] }]);
    expect(traffic.edges.map(({ encrypted }) => encrypted)).toEqual([
      undefined,
    ]);
  });

  it('is a destination under its own name', () => {
    const places = PlaceNames.create({
      set: MeshObjects.create([]),
      subjects: [],
    });
    expect(places.called({ destination_service: name }).name).toBe(name);
  });

  it('is no process of a trace that does not have it', () => {
    const at = Date.UTC(2026, 0, 1) * 1000;
    const span = { operationName: 'a', startTime: at, duration: 1 };
    const trace = jaegerTrace({
      traceID: '1',
      processes: {},
      spans: [{ ...span, traceID: '1', spanID: '1', processID: name }],
    });
    expect(JSON.stringify(trace)).toContain('"service":"unknown"');
  });
});
