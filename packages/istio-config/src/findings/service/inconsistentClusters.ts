import { fieldsOf, itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** A Service that exists in several clusters, and differs. */
export const inconsistentClusters = defineFinding({
  code: 'IST0170',
  level: 'warning',
  inputs: ['Service'],
  source: 'istio: pkg/config/analysis/analyzers/multicluster/service.go',
  *find({ Service: services }, set) {
    for (const service of services) {
      const differences = new Set(
        set
          .othersLike(service)
          .flatMap(other => differencesOf(service.spec, other.spec)),
      );
      if (differences.size > 0) {
        yield {
          resource: service,
          message: `It is given more than once, for different clusters, and they differ in ${[
            ...differences,
          ].join(
            ', ',
          )}: requests across clusters may reach the wrong port or none.`,
          fix: 'Make the Service the same in all clusters.',
        };
      }
    }
  },
});

function differencesOf(one: any, other: any): string[] {
  const isHeadless = (spec: any) => spec?.clusterIP === 'None';
  return [
    ...(isHeadless(one) === isHeadless(other) ? [] : ['being headless']),
    ...(one?.type === other?.type ? [] : ['type']),
    ...(portsOf(one) === portsOf(other) ? [] : ['ports']),
  ];
}

function portsOf(spec: any): string {
  return JSON.stringify(
    itemsOf(spec?.ports)
      .map(port => fieldsOf(port).sort(([a], [b]) => (a < b ? -1 : 1)))
      .map(fields => JSON.stringify(fields))
      .sort(),
  );
}
