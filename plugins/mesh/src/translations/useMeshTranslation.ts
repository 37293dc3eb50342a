import {
  useTranslationRef,
  type TranslationFunction,
  type TranslationRef,
} from '@backstage/frontend-plugin-api';
import { meshTranslationRef } from './ref';

type MessagesOf<T> = T extends TranslationRef<string, infer M> ? M : never;

/** Finds the words for a key. */
export type Translate = TranslationFunction<
  MessagesOf<typeof meshTranslationRef>
>;

/** The words of the mesh's pages in the reader's language. */
export function useMeshTranslation(): { t: Translate } {
  return useTranslationRef(meshTranslationRef);
}

/** A key of what the pages say. */
export type MeshMessageKey = keyof MessagesOf<typeof meshTranslationRef>;
