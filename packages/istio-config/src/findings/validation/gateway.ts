import type { KubeObject } from '../../kube/KubeObject';
import { isMap, itemsOf } from '../../kube/reading';
import { isIp } from '../../kube/isIp';
import {
  isDnsLabel,
  isHttpProtocol,
  isProtocol,
  isTlsProtocol,
  portProblems,
  wholeHostProblem,
} from './names';
import { Problem, refused, warned } from './Problem';
import { isPassthrough, serverTlsProblems } from './serverTls';
import { UNIX, unixProblems } from './unixAddress';

/** Source: istio pkg/config/validation/validation.go, ValidateGateway. */
export function* gatewayProblems({
  metadata,
  spec,
}: KubeObject): Iterable<Problem> {
  if (!isDnsLabel(metadata.name)) {
    yield refused(
      'metadata.name',
      `${JSON.stringify(metadata.name)} cannot be the name of a Gateway.`,
      'Use letters, digits and dashes, up to 63.',
    );
  }
  const servers = itemsOf(spec?.servers);
  if (servers.length === 0) {
    yield refused(
      'spec.servers',
      'It has no server, so it opens no port.',
      'Add a server with a port and hosts.',
    );
  }
  const names = new Set<string>();
  for (const [index, server] of servers.entries()) {
    const path = `spec.servers[${index}]`;
    yield* serverProblems(isMap(server) ? server : {}, path);
    if (isMap(server?.port)) {
      const name = String(server.port.name ?? '');
      if (names.has(name)) {
        yield refused(
          `${path}.port.name`,
          `Two servers have the port name ${JSON.stringify(name)}.`,
          'Give each its own.',
        );
      }
      names.add(name);
      if (server.tls?.httpsRedirect && !isHttpProtocol(server.port.protocol)) {
        yield warned(
          `${path}.tls.httpsRedirect`,
          'httpsRedirect answers plain HTTP, and this server speaks none.',
          'Put it on the server of port 80.',
        );
      }
    }
  }
}

function* serverProblems(
  server: Record<string, any>,
  path: string,
): Iterable<Problem> {
  if (itemsOf(server.hosts).length === 0) {
    yield refused(
      `${path}.hosts`,
      'The server names no host.',
      'List its hosts; "*" takes all.',
    );
  }
  for (const [index, host] of itemsOf(server.hosts).map(String).entries()) {
    yield* serverHostProblems(host, `${path}.hosts[${index}]`);
  }
  const wrong = [...serverPortProblems(server, `${path}.port`)];
  yield* wrong;
  yield* bindProblems(server, path);
  yield* serverTlsProblems(server.tls, `${path}.tls`);
  if (wrong.length === 0) {
    yield* tlsForProtocolProblems(server, path);
  }
}

/** `namespace/host`, or a host. Source: istio pkg/config/validation/agent, ValidateNamespaceSlashWildcardHostname. */
function* serverHostProblems(text: string, path: string): Iterable<Problem> {
  const slash = text.indexOf('/');
  const namespace = slash < 0 ? '*' : text.slice(0, slash);
  const host = text.slice(slash + 1);
  if (namespace !== '*' && namespace !== '.' && !isDnsLabel(namespace)) {
    yield refused(
      path,
      `${JSON.stringify(namespace)} before the slash is no namespace.`,
      'Write namespace/host, "." for this namespace, "*" for all.',
    );
  }
  // An IPv6 address without a dot counts as a short name.
  const isTaken = isIp(host) && host.includes('.');
  const problem = isTaken ? undefined : wholeHostProblem(host);
  if (problem) {
    yield refused(
      path,
      `${JSON.stringify(host)} is not taken for a host: ${problem}.`,
      'Write the whole host, as shop.example.com or *.example.com.',
    );
  }
}

/** Source: validation.go, validateServerPort. */
function* serverPortProblems(
  { port, bind }: Record<string, any>,
  path: string,
): Iterable<Problem> {
  if (!isMap(port)) {
    yield refused(
      path,
      'The server has no port.',
      'Set port.number, from 1 to 65535.',
    );
    return;
  }
  if (!isProtocol(port.protocol)) {
    yield refused(
      `${path}.protocol`,
      `A gateway knows no protocol ${JSON.stringify(port.protocol ?? '')}.`,
      'Use HTTP, HTTPS, HTTP2, GRPC, GRPC-WEB, MONGO, TCP or TLS.',
    );
  }
  if (port.number || !String(bind ?? '').startsWith(UNIX)) {
    yield* portProblems(port.number, `${path}.number`);
  }
  if (port.targetPort) {
    yield refused(
      `${path}.targetPort`,
      'A gateway knows no targetPort.',
      'Remove it; the gateway’s Service says where its port leads.',
    );
  }
  if (!port.name) {
    yield refused(`${path}.name`, 'The port has no name.', 'Name it.');
  }
}

function* bindProblems(
  { bind, port }: Record<string, any>,
  path: string,
): Iterable<Problem> {
  const address = String(bind ?? '');
  if (address.startsWith(UNIX)) {
    yield* unixProblems(address, `${path}.bind`);
    if (port?.number) {
      yield refused(
        `${path}.port.number`,
        'A socket has no port.',
        'Remove the number, or bind to an address.',
      );
    }
  } else if (address && !isIp(address)) {
    yield refused(
      `${path}.bind`,
      `${JSON.stringify(address)} is no address.`,
      'Write an IP address, or remove it.',
    );
  }
}

/** Whether it encrypts, and whether its protocol does. */
function* tlsForProtocolProblems(
  { port, tls }: Record<string, any>,
  path: string,
): Iterable<Problem> {
  if (isTlsProtocol(port.protocol)) {
    if (!isMap(tls)) {
      yield refused(
        `${path}.tls`,
        `The server speaks ${port.protocol} and has no tls block.`,
        'Set tls.mode and a credentialName, or mode PASSTHROUGH.',
      );
    }
  } else if (isMap(tls)) {
    const mayRedirect =
      isHttpProtocol(port.protocol) &&
      isPassthrough(tls) &&
      !tls.caCertificates &&
      !tls.privateKey &&
      !tls.serverCertificate;
    if (!mayRedirect) {
      yield refused(
        `${path}.tls`,
        `The server speaks ${port.protocol}, which is not encrypted, and has a tls block.`,
        'Set the protocol to HTTPS or TLS, or keep httpsRedirect alone.',
      );
    }
  }
}
