import { parseArgs } from 'node:util';
import { parseDurationMs } from '@meshdeck/istio-config';

/** What the command line asks for. */
export interface MeshArguments {
  /** How many services are made by counting. */
  services: number;
  latencyMs: number;
  /** Without the example platforms. */
  onlyGenerated: boolean;
}

/** Reads `--services 1000 --latency 20ms --only-generated`. */
export function readArguments(args: string[]): MeshArguments {
  const { values } = parseArgs({
    args,
    options: {
      services: { type: 'string', default: '0' },
      latency: { type: 'string', default: '0ms' },
      'only-generated': { type: 'boolean', default: false },
    },
  });
  const services = Number(values.services);
  if (!Number.isInteger(services) || services < 0 || services > 9_999) {
    throw new Error(
      `--services is "${values.services}": it must be a number from 0 to 9999`,
    );
  }
  const latencyMs = parseDurationMs(values.latency);
  if (latencyMs === undefined) {
    throw new Error(
      `--latency is "${values.latency}": it must be a duration such as 20ms`,
    );
  }
  return { services, latencyMs, onlyGenerated: values['only-generated'] };
}
