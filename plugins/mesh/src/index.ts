/**
 * What the mesh does with the service of a catalog entity: four tabs and an overview card.
 *
 * @packageDocumentation
 */
export { meshPlugin as default } from './plugin';
export { meshApiRef } from './api';
export { isMeshAvailable } from './isMeshAvailable';
export { meshTranslationRef } from './translations/ref';
