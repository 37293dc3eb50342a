import type { PortMtlsView } from '@meshdeck/plugin-mesh-common';

/** Whether only encrypted calls get in: each port of the Service is STRICT at each of its workloads. */
export function isClosedToPlaintext(
  ports: readonly Pick<PortMtlsView, 'mode'>[],
): boolean {
  return ports.length > 0 && ports.every(({ mode }) => mode === 'STRICT');
}
