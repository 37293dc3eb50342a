import path from 'path';
import { CANARY } from './ControlPlane';
import {
  type MeshState,
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

/** A mesh that this process holds. */
interface HeldMesh {
  stop(): Promise<void>;
  /** A second revision; does nothing where it runs already. */
  startCanary(): Promise<void>;
}

/**
 * Starts a mesh with what measures it, and writes down where it is.
 * @throws CannotRunMesh where the machine cannot.
 */
export async function holdMesh(options: {
  slot: number;
  say: (line: string) => void;
}): Promise<HeldMesh> {
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
  const state: MeshState = {
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
  };
  writeMeshState(state);
  let canary: Promise<void> | undefined;
  return {
    async stop() {
      telemetry.stop();
      await mesh.stop();
    },
    startCanary() {
      canary ??= mesh
        .startCanary()
        .then(() => writeMeshState({ ...state, canary: CANARY }));
      return canary;
    },
  };
}
