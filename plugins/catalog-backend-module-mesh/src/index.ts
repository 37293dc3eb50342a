/**
 * Brings services that Meshdeck onboarded into the catalog.
 *
 * @packageDocumentation
 */
export { catalogModuleMesh as default } from './module';
