import { dirname, join } from 'node:path';
import {
  loadPlatform,
  objectsOf,
  Platform,
} from '../../platforms/loadPlatform';
import { InMemoryCluster } from '../../traffic/__fixtures__/InMemoryCluster';
import { Traffic } from '../../traffic/Traffic';

const EXAMPLES = join(
  dirname(require.resolve('../../../package.json')),
  '../../examples/platforms',
);

/** The example platforms with their pods, and their traffic at a time of the test's choice. */
export function examplePlatforms(options: {
  names?: readonly string[];
  clock: () => number;
  seed?: number;
}): { platforms: Platform[]; cluster: InMemoryCluster; traffic: Traffic } {
  const platforms = (options.names ?? ['orion', 'autolytiq']).map(name =>
    loadPlatform(join(EXAMPLES, name)),
  );
  const cluster = InMemoryCluster.create(objectsOf(platforms));
  const traffic = Traffic.create({
    objects: cluster,
    profiles: platforms.flatMap(platform => platform.traffic ?? []),
    clock: options.clock,
    seed: options.seed,
  });
  return { platforms, cluster, traffic };
}
