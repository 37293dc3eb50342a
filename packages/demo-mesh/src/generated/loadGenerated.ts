import { findKind, ObjectStore } from '../kubernetes';
import { prepareObjects } from '../platforms/prepareObjects';
import { controlPlane } from './controlPlane';
import { generatedService, GeneratedStyle } from './GeneratedService';
import { generatedNamespaces, GeneratedMeshOptions } from './generatePlatform';
import { Stencil } from './Stencil';

const AGE_MS = 28 * 86_400_000;

/** Puts a generated mesh into a store, with its pods and as if it had been there for weeks. */
export function loadGenerated(
  store: ObjectStore,
  options: GeneratedMeshOptions,
  nowMs: number,
): void {
  const missing = controlPlane().filter(({ apiVersion, kind, metadata }) => {
    const { namespace, name } = metadata;
    return !store.find(findKind(apiVersion, kind)!, namespace, name);
  });
  store.load(
    prepareObjects([...missing, ...generatedNamespaces(options)], nowMs),
  );
  const stencils = new Map<GeneratedStyle, Stencil>();
  for (let index = 1; index <= options.services; index++) {
    const service = generatedService(index);
    const { style } = service;
    const stencil =
      stencils.get(style) ?? Stencil.create(style, nowMs - AGE_MS);
    stencils.set(style, stencil);
    for (const object of stencil.objectsOf(service)) {
      store.put(findKind(object.apiVersion, object.kind)!, object);
    }
  }
}
