import { protocolOf } from '../../workloads/servicePorts';

/** Whether Istio knows a Service port's protocol without guessing. */
export function saysItsProtocol(port: any): boolean {
  return protocolOf(port).from !== 'detection';
}
