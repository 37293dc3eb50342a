export { KubernetesServer } from './KubernetesServer';
export type { KubernetesServerOptions } from './KubernetesServer';
export { HistoryGoneError, ObjectStore } from './ObjectStore';
export type { StoreEvent } from './ObjectStore';
export { ObjectRegistry } from './ObjectRegistry';
export type { AccessToken } from './auth';
export { StatusError } from './StatusError';
export { findKind, findResource } from './resources';
export type { ResourceType } from './resources';
