import { isDeepStrictEqual } from 'node:util';
import type { AnyObject } from '../../tools/real-mesh/src/KubeApi';
import { mesh } from './mesh';

/** Whatever a change of a service may write. */
const KINDS = [
  ['networking.istio.io/v1', 'VirtualService'],
  ['networking.istio.io/v1', 'DestinationRule'],
  ['security.istio.io/v1', 'PeerAuthentication'],
  ['security.istio.io/v1', 'AuthorizationPolicy'],
  ['telemetry.istio.io/v1', 'Telemetry'],
] as const;

const nameOf = ({ kind, metadata }: AnyObject) =>
  `${kind} ${metadata.namespace}/${metadata.name}`;

/** The mesh's configuration as it was, to be put back past the portal. */
export class KeptConfiguration {
  static async of(namespaces: readonly string[]): Promise<KeptConfiguration> {
    return new KeptConfiguration(namespaces, await listIn(namespaces));
  }

  private constructor(
    private readonly namespaces: readonly string[],
    private readonly kept: readonly AnyObject[],
  ) {}

  /** Leaves alone what is as it was. */
  async restore(): Promise<void> {
    const found = await listIn(this.namespaces);
    const byName = new Map(found.map(object => [nameOf(object), object]));
    const keptNames = this.kept.map(nameOf);
    for (const object of found) {
      if (!keptNames.includes(nameOf(object))) {
        await mesh.api.remove(object);
      }
    }
    for (const object of this.kept) {
      const now = byName.get(nameOf(object));
      if (!now) {
        const { uid, resourceVersion, ...metadata } = object.metadata;
        await mesh.api.create({ ...object, metadata });
      } else if (!isDeepStrictEqual(now.spec, object.spec)) {
        await mesh.api.replace({ ...now, spec: object.spec });
      }
    }
  }
}

async function listIn(namespaces: readonly string[]): Promise<AnyObject[]> {
  const lists = namespaces.flatMap(namespace =>
    KINDS.map(([apiVersion, kind]) =>
      mesh.api.list(apiVersion, kind, namespace),
    ),
  );
  return (await Promise.all(lists)).flat();
}
