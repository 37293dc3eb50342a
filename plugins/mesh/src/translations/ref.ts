import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { canaryMessages } from './english/canary';
import { frameMessages } from './english/frame';
import { tracesMessages } from './english/traces';

/**
 * What the pages say. Sentences that come with a view are made by the backend and stay English: verdicts, findings and
 * their fixes, treatments of a rule, problems with placements, what a source said of itself.
 *
 * @public
 */
export const meshTranslationRef = createTranslationRef({
  id: 'mesh',
  messages: {
    ...frameMessages,
    ...tracesMessages,
    ...canaryMessages,
  },
  translations: { de: () => import('./de') },
});
