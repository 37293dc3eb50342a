import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** Access logs without a provider, where the mesh has no default one: they go nowhere. */
export const loggingWithoutProvider = defineFinding({
  code: 'IST0157',
  level: 'warning',
  inputs: ['Telemetry'],
  source: 'istio: pkg/config/analysis/analyzers/telemetry/providers.go',
  *find({ Telemetry: telemetries }, set) {
    if (set.meshConfig.defaultAccessLogging?.length) {
      return;
    }
    for (const telemetry of telemetries) {
      const index = itemsOf(telemetry.spec?.accessLogging).findIndex(
        logging => itemsOf(logging?.providers).length === 0,
      );
      if (index >= 0) {
        yield {
          resource: telemetry,
          path: `spec.accessLogging[${index}]`,
          message:
            'accessLogging names no provider, and the mesh has no default one: it is ignored.',
          fix: 'Name a provider, as envoy, or set defaultProviders.accessLogging in the mesh’s configuration.',
        };
      }
    }
  },
});
