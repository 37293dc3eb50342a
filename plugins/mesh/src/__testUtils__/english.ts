import { mockApis } from '@backstage/frontend-test-utils';
import { meshTranslationRef } from '../translations/ref';
import type { Translate } from '../translations/useMeshTranslation';

/** The English words, for what is tested without a page. */
export function englishWords(): Translate {
  const snapshot = mockApis.translation().getTranslation(meshTranslationRef);
  if (!snapshot.ready) {
    throw new Error('English comes with the plugin.');
  }
  return snapshot.t;
}
