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
export { createTempoApp } from './tempo/createTempoApp';
export type { IdFormat } from './tempo/writeOtlp';
export { createKialiApp } from './kiali/createKialiApp';
export type { KialiAuth } from './kiali/Sessions';
export { generatePlatform } from './generated/generatePlatform';
export type {
  GeneratedMeshOptions,
  GeneratedPlatform,
} from './generated/generatePlatform';
export { generatedEntities } from './generated/generatedEntities';
export type { CatalogEntity } from './generated/generatedEntities';
export { FAULTS } from './sources/Fault';
export type { Fault } from './sources/Fault';
export type { LoggedRequest } from './sources/RequestLog';
export { SOURCE_NAMES } from './sources/SourceName';
export type { SourceName } from './sources/SourceName';
export type { RequestCounts } from './sources/Sources';
