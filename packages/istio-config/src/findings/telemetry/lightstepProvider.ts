import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

/** Traces go to the provider type `lightstep`, which Istio is giving up. */
export const lightstepProvider = defineFinding({
  code: 'IST0002',
  level: 'warning',
  inputs: ['Telemetry'],
  source: 'istio: pkg/config/analysis/analyzers/telemetry/lightstep.go',
  *find({ Telemetry: telemetries }, set) {
    const deprecated = new Set(
      (set.meshConfig.extensionProviders ?? [])
        .filter(({ type }) => type === 'lightstep')
        .map(({ name }) => name),
    );
    for (const telemetry of telemetries) {
      for (const tracing of itemsOf(telemetry.spec?.tracing)) {
        for (const provider of itemsOf(tracing?.providers)) {
          if (deprecated.has(provider?.name)) {
            yield {
              resource: telemetry,
              path: 'spec.tracing',
              message: `The provider ${provider.name} is of the deprecated type lightstep.`,
              fix: 'Send traces with an OpenTelemetry provider.',
            };
          }
        }
      }
    }
  },
});
