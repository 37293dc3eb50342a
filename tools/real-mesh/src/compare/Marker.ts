import type { AnyObject } from '../KubeApi';
import type { MeshHandle, PodHandle } from '../MeshHandle';
import { istio } from '../testMesh';
import { until } from '../until';
import { EDGE } from './places';

const MARKER_HOST = 'marker.compare.test';
const MARKER_ADDRESS = '240.0.0.77';
const IN_FORCE_WITHIN_MS = 20_000;
/** A configuration takes some 200 ms; whoever looks rarely waits for nothing. */
const LOOK_EVERY_MS = 25;

/** Finds out when all that was written is in force, by something that is written after it. */
export class Marker {
  static create(mesh: MeshHandle, pods: readonly PodHandle[]): Marker {
    return new Marker(mesh, pods);
  }

  private round = 0;

  private constructor(
    private readonly mesh: MeshHandle,
    private readonly pods: readonly PodHandle[],
  ) {}

  /** Waits until each proxy has all that was written before. */
  async inForce(): Promise<void> {
    this.round += 1;
    const mark = `round-${this.round}-${process.pid}`;
    await this.mesh.api.apply(
      istio('VirtualService', 'istio-system', 'compare-marker', {
        hosts: [MARKER_HOST],
        gateways: ['mesh', `${EDGE}/marker`],
        http: [{ directResponse: { status: 200, body: { string: mark } } }],
      }),
    );
    await Promise.all(
      this.pods
        .filter(({ hasProxy }) => hasProxy)
        .map(pod =>
          until(
            `${mark} at ${pod.id}`,
            IN_FORCE_WITHIN_MS,
            async () => ((await isMarked(pod, mark)) ? true : undefined),
            { everyMs: LOOK_EVERY_MS },
          ),
        ),
    );
  }
}

/** Through which the gateway answers the marks. */
export function markerGateway(): AnyObject {
  return istio('Gateway', EDGE, 'marker', {
    selector: { istio: 'compare-edge' },
    servers: [
      {
        port: { number: 8999, name: 'http-marker', protocol: 'HTTP' },
        hosts: [MARKER_HOST],
      },
    ],
  });
}

export function markerHost(): AnyObject {
  return istio('ServiceEntry', 'istio-system', 'compare-marker', {
    hosts: [MARKER_HOST],
    addresses: [MARKER_ADDRESS],
    ports: [{ number: 80, name: 'http', protocol: 'HTTP' }],
    resolution: 'STATIC',
    endpoints: [{ address: MARKER_ADDRESS }],
  });
}

async function isMarked(pod: PodHandle, mark: string): Promise<boolean> {
  if (pod.object.metadata.namespace === EDGE) {
    // A policy of the configuration may refuse what is asked of a gateway.
    const routes = await pod.admin(
      '/config_dump?resource=dynamic_route_configs',
    );
    // Until the certificate of a listener is there, nothing answers on its port.
    return routes.includes(mark) && (await hasSettled(pod));
  }
  const { body } = await pod.app.send({
    kind: 'http',
    address: MARKER_ADDRESS,
    port: 80,
    host: MARKER_HOST,
    withinMs: 1000,
  });
  return body === mark;
}

async function hasSettled(pod: PodHandle): Promise<boolean> {
  const warming = await pod.admin('/stats?filter=total_listeners_warming');
  return /total_listeners_warming: 0$/m.test(warming);
}
