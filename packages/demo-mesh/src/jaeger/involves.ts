import { RootFlow, walkFlow } from '../traffic/flows/Flow';
import { serviceNameOf } from './SpanDraft';

/** Whether a service can have spans in the traces of a stream of requests. */
export function involves(flow: RootFlow, service: string): boolean {
  let isIn = false;
  walkFlow(flow, shape => {
    isIn ||=
      serviceNameOf(shape.caller.workload) === service ||
      shape.branches.some(
        ({ destination }) =>
          destination !== undefined && serviceNameOf(destination) === service,
      );
  });
  return isIn;
}
