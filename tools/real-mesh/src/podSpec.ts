import type { AnyObject } from './KubeApi';

export const PROXY = 'istio-proxy';

/** The container of a pod, wherever it stands. */
export function containerOf(pod: AnyObject, name: string): any | undefined {
  return [
    ...(pod.spec.initContainers ?? []),
    ...(pod.spec.containers ?? []),
  ].find(container => container.name === name);
}

/** The containers that do the pod's own work. */
export function appContainersOf(pod: AnyObject): any[] {
  return pod.spec.containers.filter(
    ({ name }: { name: string }) => name !== PROXY,
  );
}

/** Where the pod's own work listens; 8080 where it does not say. */
export function appPortsOf(pod: AnyObject): number[] {
  const ports = appContainersOf(pod).flatMap(({ ports: listed = [] }) =>
    listed.map(({ containerPort }: { containerPort: number }) => containerPort),
  );
  return ports.length ? [...new Set<number>(ports)] : [8080];
}

/** The environment of a container, with what Kubernetes fills in. */
export function environmentOf(
  pod: AnyObject,
  container: any,
  podIp: string,
): Record<string, string> {
  const { name, namespace = '', uid = '', labels, annotations } = pod.metadata;
  const fields: Record<string, string | undefined> = {
    'metadata.name': name,
    'metadata.namespace': namespace,
    'metadata.uid': uid,
    'status.podIP': podIp,
    'status.podIPs': podIp,
    'status.hostIP': podIp,
    'spec.serviceAccountName': serviceAccountOf(pod),
    'spec.nodeName': pod.spec.nodeName,
  };
  const valueOf = (entry: any): string | undefined => {
    const path = entry.valueFrom?.fieldRef?.fieldPath;
    if (path === undefined) {
      return entry.valueFrom ? resourceOf(entry.valueFrom) : entry.value ?? '';
    }
    const [, map, key] =
      /^metadata\.(labels|annotations)\['(.+)'\]$/.exec(path) ?? [];
    return map
      ? (map === 'labels' ? labels : annotations)?.[key]
      : fields[path];
  };
  return Object.fromEntries(
    (container.env ?? []).map((entry: any) => [
      entry.name,
      valueOf(entry) ?? '',
    ]),
  );
}

function resourceOf({ resourceFieldRef }: any): string | undefined {
  if (!resourceFieldRef) {
    return undefined;
  }
  const isCpu = resourceFieldRef.resource.endsWith('cpu');
  return isCpu ? '1' : String(512 * 1024 * 1024);
}

/** `$(NAME)` of a container's arguments. */
export function argumentsOf(
  container: any,
  environment: Record<string, string>,
): string[] {
  return (container.args ?? []).map((argument: string) =>
    argument.replace(/\$\((\w+)\)/g, (_all, name) => environment[name] ?? ''),
  );
}

export function serviceAccountOf(pod: AnyObject): string {
  return pod.spec.serviceAccountName ?? 'default';
}

/** As Kubernetes gives labels and annotations to a container, in a file. */
export function downwardFile(map: Record<string, string> = {}): string {
  return Object.entries(map)
    .map(([key, value]) => `${key}=${JSON.stringify(value)}\n`)
    .join('');
}

/** The status of a pod that runs. */
export function runningStatus(
  pod: AnyObject,
  options: {
    podIp: string;
    hostIp: string;
    isReady: boolean;
    /** How often its containers had to be started again. */
    restarts: number;
    since: string;
  },
): object {
  const { podIp, hostIp, isReady, restarts, since } = options;
  const state = { running: { startedAt: since } };
  const statusOf = ({ name, image }: { name: string; image: string }) => ({
    name,
    image: image ?? '',
    imageID: '',
    ready: isReady,
    started: true,
    restartCount: restarts,
    state,
  });
  const init: any[] = pod.spec.initContainers ?? [];
  return {
    phase: 'Running',
    podIP: podIp,
    podIPs: [{ ip: podIp }],
    hostIP: hostIp,
    startTime: since,
    conditions: [
      ['PodScheduled', true],
      ['Initialized', true],
      ['ContainersReady', isReady],
      ['Ready', isReady],
    ].map(([type, is]) => ({
      type,
      status: is ? 'True' : 'False',
      lastTransitionTime: since,
    })),
    containerStatuses: pod.spec.containers.map(statusOf),
    initContainerStatuses: init.map(container =>
      container.restartPolicy === 'Always'
        ? statusOf(container)
        : {
            ...statusOf(container),
            ready: true,
            state: {
              terminated: {
                exitCode: 0,
                reason: 'Completed',
                startedAt: since,
                finishedAt: since,
              },
            },
          },
    ),
  };
}
