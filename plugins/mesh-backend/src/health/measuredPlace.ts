import { type MeshObjects, versionSplits } from '@meshdeck/istio-config';
import type { Placement } from '@meshdeck/plugin-mesh-common';
import { serviceFacts } from '../facts/serviceFacts';
import type { MeasuredPlace } from '../metrics/MetricsService';
import { findRollout, type FoundRollout } from '../rollouts/findRollout';
import { servicePair } from '../rollouts/servicePair';
import { weighedServices } from '../rollouts/weighedServices';

type Measured = Pick<MeasuredPlace, 'behind' | 'hasAmbient'>;

/**
 * A service with all Services whose requests are its own: those of Flagger's two versions, and those that its routes of the Gateway
 * API weigh. Those of another namespace are left out, for their numbers are somebody else's.
 */
export function measuredPlace(
  set: MeshObjects,
  placement: Placement,
): MeasuredPlace {
  return { ...placement, ...measuredServices(set, placement) };
}

export function measuredServices(
  set: MeshObjects,
  { namespace, service }: Pick<Placement, 'namespace' | 'service'>,
): Measured {
  return set.derive(measuredOf, `${namespace}/${service}`);
}

function measuredOf(set: MeshObjects, key: string): Measured {
  const [namespace, service] = key.split('/');
  const known = versionSplits(set, { namespace, service });
  const found = findRollout(set, { namespace, service });
  const weighed =
    found && isVersion(found, service)
      ? []
      : (found && servicePair(found, known)) ?? weighedServices(known) ?? [];
  const behind = new Set([
    service,
    ...weighed.filter(name => !name.includes('/')),
  ]);
  return {
    behind: [...behind].sort(),
    hasAmbient: serviceFacts(set, { namespace, service }).workloads.some(
      ({ dataPlane }) => dataPlane === 'ambient',
    ),
  };
}

/** Whether a tool made the Service for one version alone; Argo's stable one is the service itself. */
function isVersion(
  { provider, stable, canary }: FoundRollout,
  service: string,
): boolean {
  const versions = provider === 'flagger' ? [stable, canary] : [canary];
  return versions.some(
    place => place && 'service' in place && place.service === service,
  );
}
