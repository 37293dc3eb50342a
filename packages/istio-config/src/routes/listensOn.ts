import { itemsOf } from '../kube/reading';
import type { MeshObjects } from '../MeshObjects';
import { listenersOf } from './gatewayApi/listeners';
import { gatewaysBeside, viewerOf } from './viewerOf';

/** Whether the pods of a gateway listen on a port: for it, or for another that they serve. */
export function listensOn(
  set: MeshObjects,
  gateway: string,
  port: number,
): boolean {
  const viewer = viewerOf(set, { type: 'gateway', gateway });
  return [gateway, ...gatewaysBeside(set, viewer)].some(id => {
    const [namespace, name] = id.split('/');
    const servers = itemsOf(set.get('Gateway', namespace, name)?.spec?.servers);
    return (
      servers.some(server => server?.port?.number === port) ||
      listenersOf(set, namespace, name).some(listener => listener.port === port)
    );
  });
}
