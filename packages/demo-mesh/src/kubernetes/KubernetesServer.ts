import {
  createServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from 'node:http';
import type { AddressInfo } from 'node:net';
import { reviewAccess } from './accessReview';
import {
  authenticate,
  authorize,
  authorizePath,
  type AccessRules,
  type AccessToken,
  type User,
} from './auth';
import { parseObject, readBody } from './body';
import {
  apiVersions,
  groupDocument,
  groupList,
  resourceList,
  versionInfo,
} from './discovery';
import { send } from './media';
import type { ObjectStore } from './ObjectStore';
import { OPENAPI_PROTOBUF, openApiV2, openApiV2Protobuf } from './openapi';
import { parseRequest, type ApiRequest } from './request';
import { ResourceHandler } from './ResourceHandler';
import {
  internalError,
  methodNotAllowed,
  noSuchPath,
  StatusError,
} from './StatusError';

export interface KubernetesServerLogger {
  debug(message: string): void;
  error(message: string): void;
}

export interface KubernetesServerOptions {
  store: ObjectStore;
  clock: () => Date;
  tokens?: AccessToken[];
  /** What requests without a token may do; nothing if not said. */
  anonymous?: AccessRules;
  /** How often a watch that allows them gets bookmarks. */
  bookmarkIntervalMs?: number;
  logger?: KubernetesServerLogger;
}

/** Serves a store of objects as a Kubernetes API server does, over plain HTTP. */
export class KubernetesServer {
  static create(options: KubernetesServerOptions) {
    return new KubernetesServer(options);
  }

  private readonly resources: ResourceHandler;
  private server: Server | undefined;

  private constructor(private readonly options: KubernetesServerOptions) {
    this.resources = ResourceHandler.create({
      store: options.store,
      clock: options.clock,
      bookmarkIntervalMs: options.bookmarkIntervalMs ?? 30_000,
    });
  }

  /** Answers one request; for those who bring their own HTTP server. */
  readonly handler = (req: IncomingMessage, res: ServerResponse): void => {
    this.handle(req, res).catch(error => this.fail(req, res, error));
  };

  /** Starts to listen and says where; port 0 takes a free one. */
  async listen(options: { port: number; host?: string }): Promise<string> {
    if (this.server) throw new Error('The API server is listening already');
    const { port, host = '127.0.0.1' } = options;
    const server = createServer(this.handler);
    // Longer than clients keep idle connections, so that none is closed under a request.
    server.keepAliveTimeout = 120_000;
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject);
      server.listen(port, host, () => {
        server.off('error', reject);
        resolve();
      });
    });
    this.server = server;
    const address = server.address() as AddressInfo;
    return `http://${host.includes(':') ? `[${host}]` : host}:${address.port}`;
  }

  /** Ends everything at once, open watches included; it can listen again afterwards. */
  async close(): Promise<void> {
    const { server } = this;
    this.server = undefined;
    this.resources.endWatches();
    if (!server) return;
    await new Promise<void>(resolve => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  }

  private async handle(
    req: IncomingMessage,
    res: ServerResponse,
  ): Promise<void> {
    const { tokens = [], anonymous } = this.options;
    const user = authenticate(req.headers.authorization, tokens, anonymous);
    const request = parseRequest(req);
    const { attributes } = request;
    if (!attributes) {
      authorizePath(user, request.method.toLowerCase(), request.path);
      this.document(req, res, request);
      return;
    }
    if (isAccessReview(request)) {
      authorizePath(user, 'create', request.path);
      send(res, 201, reviewAccess(user, parseObject(req, await readBody(req))));
      return;
    }
    authorize(user, attributes);
    this.logRequest(user, request);
    await this.resources.handle(req, res, { ...request, attributes });
  }

  /** Answers the paths that aren't objects. */
  private document(
    req: IncomingMessage,
    res: ServerResponse,
    { method, path }: ApiRequest,
  ): void {
    if (method !== 'GET') throw methodNotAllowed();
    if (/^\/(healthz|livez|readyz)(\/|$)/.test(path)) {
      res.writeHead(200, { 'Content-Type': 'text/plain' }).end('ok');
      return;
    }
    if (path === '/openapi/v2') {
      if (req.headers.accept?.includes(OPENAPI_PROTOBUF)) {
        // Its own name is no valid media type; real servers send this one too.
        res.writeHead(200, { 'Content-Type': 'application/octet-stream' });
        res.end(openApiV2Protobuf());
        return;
      }
      send(res, 200, openApiV2());
      return;
    }
    const document = discoveryDocument(path);
    if (!document) throw noSuchPath();
    send(res, 200, document);
  }

  private logRequest(user: User, { method, path }: ApiRequest): void {
    this.options.logger?.debug(`${user.name} ${method} ${path}`);
  }

  private fail(
    req: IncomingMessage,
    res: ServerResponse,
    error: unknown,
  ): void {
    if (res.headersSent || res.destroyed) {
      res.destroy();
      return;
    }
    if (error instanceof StatusError) {
      // A sender still busy with a body that is too large would wait for ever on a kept connection.
      if (hasBody(req) && !req.complete) res.setHeader('Connection', 'close');
      send(res, error.code, error.status);
      return;
    }
    const message = error instanceof Error ? error.message : `${error}`;
    this.options.logger?.error(
      `${req.method} ${req.url} failed: ${
        error instanceof Error ? error.stack : message
      }`,
    );
    send(res, 500, internalError(message).status);
  }
}

function hasBody({ headers }: IncomingMessage): boolean {
  return (
    headers['transfer-encoding'] !== undefined ||
    Number(headers['content-length'] ?? 0) > 0
  );
}

function isAccessReview({ method, attributes }: ApiRequest): boolean {
  return (
    method === 'POST' &&
    attributes?.group === 'authorization.k8s.io' &&
    attributes.resource === 'selfsubjectaccessreviews' &&
    attributes.name === undefined
  );
}

function discoveryDocument(path: string): object | undefined {
  const [root, group, version, ...rest] = path.split('/').slice(1);
  if (rest.length > 0) return undefined;
  switch (root) {
    case 'version':
      return group === undefined ? versionInfo : undefined;
    case 'api':
      if (!group) return apiVersions;
      return version ? undefined : resourceList('', group);
    case 'apis':
      if (!group) return groupList();
      return version ? resourceList(group, version) : groupDocument(group);
    default:
      return undefined;
  }
}
