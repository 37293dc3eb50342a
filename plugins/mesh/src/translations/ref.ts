import { createTranslationRef } from '@backstage/frontend-plugin-api';
import { englishMessages } from './english';

/**
 * What the pages say. Sentences that come with a view are made by the backend and stay English: verdicts, findings and
 * their fixes, treatments of a rule, problems with placements, what a source said of itself.
 *
 * @public
 */
export const meshTranslationRef = createTranslationRef({
  id: 'mesh',
  messages: englishMessages,
  translations: { de: () => import('./de') },
});
