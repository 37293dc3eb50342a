/**
 * What the mesh does with the service of a catalog entity: five tabs, a card for its overview, and a page of all services.
 *
 * @packageDocumentation
 */
export { meshPlugin as default } from './plugin';
export { meshApiRef } from './api';
export { isMeshAvailable } from './isMeshAvailable';
export { meshTranslationRef } from './translations/ref';
