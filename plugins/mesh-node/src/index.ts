/**
 * Extension points of the mesh backend for other modules.
 *
 * @packageDocumentation
 */
export * from './MeshClusterAccess';
export * from './extensions';
