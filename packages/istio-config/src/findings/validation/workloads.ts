import type { KubeObject } from '../../kube/KubeObject';
import { fieldsOf, isMap, itemsOf } from '../../kube/reading';
import { isIp } from '../../kube/isIp';
import {
  domainProblem,
  labelProblems,
  portNameProblems,
  portProblems,
} from './names';
import { Problem, refused, warned } from './Problem';
import { UNIX, unixProblems } from './unixAddress';
import { notNegative } from './values';

const LONGEST_ACCOUNT = 253;

/** Source: istio pkg/config/validation/validation.go, ValidateWorkloadEntry. */
export function* workloadProblems({ spec }: KubeObject): Iterable<Problem> {
  yield* workloadEntryProblems(spec, 'spec');
}

/** A workload, or an endpoint of a ServiceEntry, which has that one's ports and no host. Source: same, validateWorkloadEntry. */
export function* workloadEntryProblems(
  entry: any,
  path: string,
  servicePorts?: ReadonlySet<string>,
): Iterable<Problem> {
  const address = String(entry?.address ?? '');
  if (address === '') {
    if (!entry?.network) {
      yield refused(
        `${path}.address`,
        'It has no address.',
        'Set the address where it listens.',
      );
      return;
    }
    yield warned(
      `${path}.address`,
      `It has no address in the network ${entry.network}.`,
      'Set the address, unless that network’s gateway is meant.',
    );
  }
  const ports = fieldsOf(entry?.ports);
  if (address.startsWith(UNIX)) {
    yield* unixProblems(address, `${path}.address`);
    if (ports.length > 0 || (servicePorts && servicePorts.size !== 1)) {
      yield refused(
        `${path}.ports`,
        'A socket has no ports, and serves exactly one port of the service.',
        'Remove ports, and keep one port of the service.',
      );
    }
  } else if (
    address &&
    !isIp(address) &&
    (servicePorts || domainProblem(address))
  ) {
    yield refused(
      `${path}.address`,
      `${JSON.stringify(address)} is ${
        servicePorts ? 'no address' : 'no host and no address'
      }.`,
      servicePorts
        ? 'Write an IP address, or use the resolution DNS.'
        : 'Write an IP address or a host.',
    );
  }
  if (String(entry?.serviceAccount ?? '').length > LONGEST_ACCOUNT) {
    yield refused(
      `${path}.serviceAccount`,
      'The name of the service account is too long.',
      `Use up to ${LONGEST_ACCOUNT} characters.`,
    );
  }
  yield* endpointPortProblems(entry?.ports, `${path}.ports`, servicePorts);
  yield* labelProblems(entry?.labels, `${path}.labels`);
}

export function* endpointPortProblems(
  ports: unknown,
  path: string,
  servicePorts?: ReadonlySet<string>,
): Iterable<Problem> {
  for (const [name, port] of fieldsOf(ports)) {
    if (servicePorts && !servicePorts.has(name)) {
      yield refused(
        `${path}.${name}`,
        `The service has no port ${name}.`,
        'Use the name of one of spec.ports.',
      );
    }
    yield* portNameProblems(name, `${path}.${name}`);
    yield* portProblems(port, `${path}.${name}`);
  }
}

/** Source: same, ValidateWorkloadGroup. */
export function* workloadGroupProblems({
  spec,
}: KubeObject): Iterable<Problem> {
  if (!isMap(spec?.template)) {
    yield refused(
      'spec.template',
      'It has no template.',
      'Say in template what its workloads are like.',
    );
    return;
  }
  yield* labelProblems(spec.metadata?.labels, 'spec.metadata.labels');
  const { address, ports } = spec.template;
  if (String(address ?? '').startsWith(UNIX) && ports !== undefined) {
    yield refused(
      'spec.template.ports',
      'A socket has no ports.',
      'Remove ports.',
    );
  }
  yield* endpointPortProblems(ports, 'spec.template.ports');
  if (isMap(spec.probe)) {
    yield* probeProblems(spec.probe, 'spec.probe');
  }
}

/** Source: same, validateReadinessProbe. */
function* probeProblems(
  probe: Record<string, any>,
  path: string,
): Iterable<Problem> {
  yield* notNegative(
    probe,
    [
      'periodSeconds',
      'initialDelaySeconds',
      'timeoutSeconds',
      'successThreshold',
      'failureThreshold',
    ],
    path,
  );
  if (isMap(probe.httpGet)) {
    yield* portProblems(probe.httpGet.port, `${path}.httpGet.port`);
    if (
      probe.httpGet.scheme &&
      !['HTTP', 'HTTPS'].includes(probe.httpGet.scheme)
    ) {
      yield refused(
        `${path}.httpGet.scheme`,
        `${JSON.stringify(probe.httpGet.scheme)} is no scheme.`,
        'Use HTTP or HTTPS.',
      );
    }
    for (const [index, header] of itemsOf(
      probe.httpGet.httpHeaders,
    ).entries()) {
      if (!/^[-A-Za-z0-9]+$/.test(String(header?.name ?? ''))) {
        yield refused(
          `${path}.httpGet.httpHeaders[${index}].name`,
          `${JSON.stringify(header?.name ?? '')} is no name of a header.`,
          'Use letters, digits and dashes.',
        );
      }
    }
  } else if (isMap(probe.tcpSocket)) {
    yield* portProblems(probe.tcpSocket.port, `${path}.tcpSocket.port`);
  } else if (isMap(probe.exec)) {
    const command = itemsOf(probe.exec.command);
    if (command.length === 0 || command.includes('')) {
      yield refused(
        `${path}.exec.command`,
        'The probe has no command, or an empty part of one.',
        'Give one.',
      );
    }
  } else {
    yield refused(
      path,
      'The probe does not say how to ask.',
      'Set httpGet, tcpSocket or exec.',
    );
  }
}
