import type { RememberedRequest } from '../memory/MemorizedChange';
import type { SourcedEdit } from '../pullRequests/manifestChanges';

/** A change that is to be made in files: in which repository, for which branch, and what. */
export interface RequestTarget
  extends Pick<RememberedRequest, 'repository' | 'base'> {
  edits: readonly SourcedEdit[];
}
