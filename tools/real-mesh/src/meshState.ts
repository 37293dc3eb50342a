import { existsSync, readFileSync, renameSync, writeFileSync } from 'fs';
import path from 'path';
import type { ApiServer } from './KubeApi';

/** What is known of a mesh that runs, for whoever wants to use it. */
export interface MeshState {
  /** The process that holds it. */
  pid: number;
  slot: number;
  folder: string;
  server: ApiServer;
  /** Of somebody who may do nothing until it is granted. */
  portalToken: string;
  kubeconfig: string;
  /** The machine's own address in the mesh's network. */
  hostAddress: string;
  istiod: { version: string; debugUrl: string };
  /** The name of the second revision; absent until somebody asks for it. */
  canary?: string;
  /** Absent where the machine lacks the program. */
  prometheusUrl?: string;
  jaegerUrl?: string;
}

/** Where meshes keep their state: it has to outlive nothing, but proxies have to be able to enter it. */
export function meshFolder(slot: number): string {
  return path.join(meshRoot(), String(slot));
}

/** Where unpacked and built programs stay. */
export function programsFolder(): string {
  return path.join(meshRoot(), 'programs');
}

function meshRoot(): string {
  return process.env.MESHDECK_REAL_MESH_DIR ?? '/var/tmp/meshdeck-real-mesh';
}

function stateFile(slot: number): string {
  return path.join(meshFolder(slot), 'state.json');
}

export function writeMeshState(state: MeshState): void {
  const file = stateFile(state.slot);
  // It has the administrator's token.
  writeFileSync(`${file}.part`, JSON.stringify(state), { mode: 0o600 });
  renameSync(`${file}.part`, file);
}

/** The mesh of a slot; undefined where none runs. */
export function readMeshState(slot: number): MeshState | undefined {
  const file = stateFile(slot);
  if (!existsSync(file)) {
    return undefined;
  }
  const state: MeshState = JSON.parse(readFileSync(file, 'utf8'));
  return isRunning(state.pid) ? state : undefined;
}

export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
