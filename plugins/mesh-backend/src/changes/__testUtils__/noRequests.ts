import type { ChangeRequests } from '../ChangeRequests';
import { RequestUpdates } from '../RequestUpdates';

/** What the pipeline needs of {@link ChangeRequests}. */
export type OpenedRequests = Pick<
  ChangeRequests,
  'preview' | 'target' | 'open' | 'isOpen' | 'updates'
>;

/** Where nothing is delivered from a repository. */
export const NO_REQUESTS: OpenedRequests = {
  preview: async () => undefined,
  target: async () => {
    throw new Error('No tool delivers that');
  },
  open: async () => {
    throw new Error('No tool delivers that');
  },
  isOpen: async () => false,
  updates: RequestUpdates.create({
    forges: {
      of: () => {
        throw new Error('No tool delivers that');
      },
    },
  }),
};
