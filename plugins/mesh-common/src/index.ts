/**
 * What the front end and the backend of the mesh plugin share.
 *
 * @packageDocumentation
 */
export * from './annotations';
export * from './kubernetesNames';
export * from './pathSegment';
export * from './readSpan';
export * from './traceWords';
export * from './permissions';
export * from './changePermissions';
export * from './placementId';
export * from './views';
export * from './onboarding';
export * from './onboarded';
export * from './meshViews';
export * from './MeshApi';
export * from './changeErrors';
export * from './MeshClient';
export * from './signals';
