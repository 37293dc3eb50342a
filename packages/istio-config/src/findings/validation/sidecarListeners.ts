import { isIp } from '../../kube/isIp';
import { portNameProblems, portProblems, protocolProblems } from './names';
import { Problem, refused } from './Problem';

export function* uniqueProblems(
  number: unknown,
  seen: Set<unknown>,
  path: string,
): Iterable<Problem> {
  if (seen.has(number)) {
    yield refused(
      `${path}.port.number`,
      `Two listeners have the port ${number}.`,
      'Give each its own.',
    );
  }
  seen.add(number);
}

export function* listenerPortProblems(
  port: Record<string, any>,
  bind: unknown,
  path: string,
): Iterable<Problem> {
  yield* namedPortProblems(port, path);
  yield* portProblems(port.number, `${path}.port.number`);
  if (bind && !isIp(bind)) {
    yield refused(
      `${path}.bind`,
      `${JSON.stringify(bind)} is no address.`,
      'Write an IP address, or remove it.',
    );
  }
}

/** What holds of a port with and without a number. */
export function* namedPortProblems(
  port: Record<string, any>,
  path: string,
): Iterable<Problem> {
  if (port.targetPort) {
    yield refused(
      `${path}.port.targetPort`,
      'A Sidecar knows no targetPort.',
      'Remove it.',
    );
  }
  if (port.name) {
    yield* portNameProblems(port.name, `${path}.port.name`);
  }
  yield* protocolProblems(port.protocol, `${path}.port.protocol`);
}
