import { isMap, itemsOf } from '../../kube/reading';
import { isDnsLabel, wholeHostProblem } from './names';
import { Problem, refused, warned } from './Problem';
import {
  listenerPortProblems,
  namedPortProblems,
  uniqueProblems,
} from './sidecarListeners';
import { UNIX, unixProblems } from './unixAddress';

/** What goes out. Source: istio pkg/config/validation/validation.go, ValidateSidecar. */
export function* egressProblems(
  listeners: any[],
  namespace: string,
): Iterable<Problem> {
  const numbers = new Set<unknown>();
  const sockets = new Set<unknown>();
  for (const [index, listener] of listeners.entries()) {
    const path = `spec.egress[${index}]`;
    if (!isMap(listener?.port)) {
      if (index < listeners.length - 1) {
        yield refused(
          `${path}.port`,
          'Only the last egress may be without a port: it takes what the others leave.',
          'Move it to the end.',
        );
      }
    } else if (listener.port.number) {
      yield* listenerPortProblems(listener.port, listener.bind, path);
      yield* uniqueProblems(listener.port.number, numbers, path);
    } else {
      yield* socketProblems(listener, path);
      yield* uniqueProblems(listener.bind, sockets, path);
    }
    yield* egressHostsProblems(listener?.hosts, path, namespace);
  }
}

function* socketProblems(
  listener: Record<string, any>,
  path: string,
): Iterable<Problem> {
  const { port, captureMode = 'DEFAULT' } = listener;
  const bind = String(listener.bind ?? '');
  yield* namedPortProblems(port, path);
  if (!bind.startsWith(UNIX)) {
    yield refused(
      `${path}.port.number`,
      'The port has no number.',
      'Set it, or bind to unix:///path.',
    );
  } else {
    yield* unixProblems(bind, `${path}.bind`);
  }
  if (!['DEFAULT', 'NONE'].includes(captureMode)) {
    yield refused(
      `${path}.captureMode`,
      'What goes to a socket cannot be captured.',
      'Use DEFAULT or NONE.',
    );
  }
}

function* egressHostsProblems(
  hosts: unknown,
  path: string,
  namespace: string,
): Iterable<Problem> {
  const given = itemsOf(hosts).map(String);
  if (given.length === 0) {
    yield refused(
      `${path}.hosts`,
      'The egress names no host.',
      'List namespace/host; */* takes all.',
    );
  }
  const seen = new Map<string, Set<string>>();
  for (const [index, host] of given.entries()) {
    const place = `${path}.hosts[${index}]`;
    yield* egressHostProblems(host, place);
    const slash = host.indexOf('/');
    if (slash >= 0 && !host.startsWith('~')) {
      const owner = host.slice(0, slash).replace(/^\.$/, namespace);
      const name = host.slice(slash + 1);
      const names = seen.get(owner) ?? new Set();
      if (name === '*' ? names.size > 0 : names.has(name) || names.has('*')) {
        yield warned(place, `${host} is there twice.`, 'Name it once.');
      }
      seen.set(owner, names.add(name));
    }
  }
  if (seen.get('*')?.has('*') && seen.size > 1) {
    yield warned(
      `${path}.hosts`,
      '*/* takes all, so the other hosts say nothing.',
      'Remove them, or */*.',
    );
  }
}

/** Source: istio pkg/config/validation/agent, ValidateNamespaceSlashWildcardHostname. */
function* egressHostProblems(text: string, path: string): Iterable<Problem> {
  const slash = text.indexOf('/');
  const namespace = text.slice(0, slash);
  const host = text.slice(slash + 1);
  const bare = namespace.replace(/^~/, '');
  if (
    slash <= 0 ||
    (bare !== '' && bare !== '*' && bare !== '.' && !isDnsLabel(bare))
  ) {
    yield refused(
      path,
      `${JSON.stringify(text)} names no namespace and host.`,
      'Write namespace/host; "." is this namespace, "*" all.',
    );
    return;
  }
  const problem = wholeHostProblem(host);
  if (problem) {
    yield refused(
      path,
      `${JSON.stringify(host)} is not taken for a host: ${problem}.`,
      'Write the whole host, as orders.shop.svc.cluster.local.',
    );
  }
}
