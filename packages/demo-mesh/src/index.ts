/**
 * A stand-in cluster on loopback, for demos and tests: it simulates, and says so.
 *
 * @packageDocumentation
 */
export { DemoMesh } from './DemoMesh';
export type { DemoMeshOptions, DemoMeshPorts, DemoMeshUrls } from './DemoMesh';
export type { ClusterChange, ClusterObjects } from './ClusterObjects';
export { createControlApp } from './createControlApp';
export { PortTakenError } from './LoopbackServer';
export { loadPlatform, objectsOf } from './platforms/loadPlatform';
export type { Platform } from './platforms/loadPlatform';
export { Traffic } from './traffic/Traffic';
export { createPrometheusApp } from './prometheus/createPrometheusApp';
export { KubernetesServer, ObjectStore } from './kubernetes';
export { createJaegerApp } from './jaeger/createJaegerApp';
export { createKialiApp } from './kiali/createKialiApp';
export type { KialiAuth } from './kiali/Sessions';
