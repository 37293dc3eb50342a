import {
  ConflictError,
  InputError,
  ServiceUnavailableError,
} from '@backstage/errors';
import { describeRef, objectOf, refOf } from '@meshdeck/istio-config';
import type { Step } from '../changes/Change';
import { ChangeConflict } from '../changes/ChangeConflict';
import type { ChangeDelivery } from '../changes/ChangeDelivery';
import { SourceError } from '../sources/SourceError';

/**
 * Rehearses all steps on the API server before the first is written.
 *
 * @throws ConflictError, InputError, ServiceUnavailableError where one could not be written.
 */
export async function rehearseAll(
  delivery: ChangeDelivery,
  steps: readonly Step[],
): Promise<void> {
  await Promise.all(
    steps.map(async step => {
      try {
        await delivery.rehearse([step]);
      } catch (error) {
        const label = describeRef(refOf(objectOf(step.edit)));
        throw refusalOf(error as Error, label);
      }
    }),
  );
}

function refusalOf(error: Error, label: string): Error {
  const { message } = error;
  if (error instanceof ChangeConflict) {
    return new ConflictError(
      `${label} is being changed by somebody at this moment. Nothing was written. Try again.`,
    );
  }
  return error instanceof SourceError && error.answered === undefined
    ? new ServiceUnavailableError(`${message} Nothing was written.`)
    : new InputError(
        `The cluster would refuse ${label}: ${message}. Nothing was written.`,
      );
}
