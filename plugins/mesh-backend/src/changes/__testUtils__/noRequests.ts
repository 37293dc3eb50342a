import type { ChangeRequests } from '../ChangeRequests';

/** What the pipeline needs of {@link ChangeRequests}. */
export type OpenedRequests = Pick<
  ChangeRequests,
  'preview' | 'target' | 'open' | 'isOpen'
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
};
