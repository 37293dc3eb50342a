/**
 * The mesh backend: aggregates what the sources know of a catalog entity's services.
 *
 * @packageDocumentation
 */
export { meshPlugin as default } from './plugin';
