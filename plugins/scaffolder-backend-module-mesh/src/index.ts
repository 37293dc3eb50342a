/**
 * Scaffolder actions that onboard a service into the mesh.
 *
 * @packageDocumentation
 */
export { scaffolderModuleMesh as default } from './module';
