import { loadPlatform } from '@meshdeck/demo-mesh';
import { MeshHandle } from '../MeshHandle';
import { readMeshState } from '../meshState';
import { app, namespace } from '../testMesh';
import { platformObjects } from './platformObjects';
import { PlatformTraffic } from './PlatformTraffic';

/** Where requests from outside the cluster come from. */
const OUTSIDE = 'internet';
const FACTOR = 0.1;

/** Brings a platform of `examples/platforms` into the mesh that runs, and its traffic, until a signal comes. */
async function main(folder: string | undefined): Promise<number> {
  const state = readMeshState(Number(process.env.MESHDECK_REAL_MESH_SLOT ?? 0));
  if (!folder || !state) {
    process.stderr.write(
      'Start a mesh with `yarn real-mesh up`, and name the folder of a platform: examples/platforms/orion\n',
    );
    return 2;
  }
  const mesh = MeshHandle.attach(state);
  const platform = loadPlatform(folder);
  const objects = await platformObjects(platform);
  for (const object of [
    namespace(OUTSIDE, { plain: true }),
    ...app(OUTSIDE, 'browser'),
    ...objects,
  ]) {
    await mesh.api.apply(object);
  }
  const traffic =
    platform.traffic &&
    PlatformTraffic.start({
      mesh,
      profile: platform.traffic,
      outside: `${OUTSIDE}/browser`,
      factor: FACTOR,
    });
  process.stdout.write(`${platform.name} is in the mesh.\n`);
  await new Promise<void>(resolve => {
    process.on('SIGTERM', resolve);
    process.on('SIGINT', resolve);
  });
  traffic?.stop();
  await mesh.close();
  return 0;
}

main(process.argv[2]).then(
  code => process.exit(code),
  error => {
    process.stderr.write(`${(error as Error).stack}\n`);
    process.exit(1);
  },
);
