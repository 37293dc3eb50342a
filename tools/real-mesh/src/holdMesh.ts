import path from 'path';
import {
  readMeshState,
  meshFolder,
  programsFolder,
  writeMeshState,
} from './meshState';
import { findPrograms } from './programs';
import { RealMesh } from './RealMesh';
import { run } from './run';
import { Telemetry } from './telemetry/Telemetry';

/** Programs of the mesh, where they were handed out beside the project. */
const HANDED_OUT = path.resolve('../shared/tools/real-mesh/bin');

/**
 * Starts a mesh with what measures it, writes down where it is, and answers how to end it.
 * @throws CannotRunMesh where the machine cannot.
 */
export async function holdMesh(options: {
  slot: number;
  say: (line: string) => void;
}): Promise<() => Promise<void>> {
  const { slot, say } = options;
  if (readMeshState(slot)) {
    throw new Error(`A mesh runs already in slot ${slot}`);
  }
  const programs = await findPrograms({
    folder: process.env.MESHDECK_REAL_MESH_BIN ?? HANDED_OUT,
    cache: programsFolder(),
    say,
  });
  const folder = meshFolder(slot);
  const mesh = await RealMesh.start({
    programs,
    folder,
    slot,
    say,
    ...Telemetry.meshOptions(programs),
  });
  const telemetry = await Telemetry.start({ mesh, programs, folder });
  const { controlPlane, network } = mesh;
  const version = await run(programs.istiod, ['version', '--short']);
  writeMeshState({
    pid: process.pid,
    slot,
    folder,
    server: controlPlane.server,
    portalToken: controlPlane.portalToken,
    kubeconfig: controlPlane.kubeconfig,
    hostAddress: network.hostAddress,
    istiod: {
      version: version.replace(/^client version: /, '').trim(),
      debugUrl: `http://${network.controlPlaneAddress}:8080`,
    },
    ...telemetry.urls,
  });
  return async () => {
    telemetry.stop();
    await mesh.stop();
  };
}
