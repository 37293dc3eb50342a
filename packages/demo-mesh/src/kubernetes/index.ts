export { KubernetesServer } from './KubernetesServer';
export type {
  KubernetesServerLogger,
  KubernetesServerOptions,
} from './KubernetesServer';
export { HistoryGoneError, ObjectStore } from './ObjectStore';
export type { StoreEvent } from './ObjectStore';
export { ObjectRegistry } from './ObjectRegistry';
export type {
  DeleteOptions,
  ObjectCheck,
  WriteOptions,
} from './ObjectRegistry';
export type { Patch, Target } from './objectParts';
export type { AccessRule, AccessRules, AccessToken } from './auth';
export { StatusError } from './StatusError';
export type { Status, StatusCause, StatusDetails } from './StatusError';
export { findKind, findResource, resourceTypes } from './resources';
export type { ResourceType } from './resources';
