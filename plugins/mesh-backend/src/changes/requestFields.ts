import type { MemorizedChange } from '../memory/MemorizedChange';
import type { RequestFields } from '../pullRequests/requestText';

/** What a request says of the change that it is for. */
export function fieldsOf(
  change: string,
  told: Pick<MemorizedChange, 'entityRef' | 'who' | 'why' | 'sentence'>,
): RequestFields {
  const { entityRef, who = entityRef, why, sentence: what } = told;
  return { change, who, why, what };
}
