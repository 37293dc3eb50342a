import type { IncomingMessage, ServerResponse } from 'node:http';
import { representationFor } from './media';
import type { ObjectStore } from './ObjectStore';
import type { ApiRequest } from './request';
import type { ResourceCall } from './resourceCall';
import { ResourceReader } from './ResourceReader';
import { ResourceWriter } from './ResourceWriter';
import { apiVersionOf, type ResourceType } from './resources';
import { methodNotAllowed, noSuchPath } from './StatusError';
import { TableRenderer } from './table';

/** Answers requests for objects, all kinds alike. */
export class ResourceHandler {
  static create(options: {
    store: ObjectStore;
    clock: () => Date;
    bookmarkIntervalMs: number;
  }) {
    return new ResourceHandler(
      ResourceReader.create(options),
      ResourceWriter.create(options),
      options.clock,
    );
  }

  private constructor(
    private readonly reader: ResourceReader,
    private readonly writer: ResourceWriter,
    private readonly clock: () => Date,
  ) {}

  endWatches(): void {
    this.reader.endWatches();
  }

  async handle(
    req: IncomingMessage,
    res: ServerResponse,
    request: ApiRequest & Pick<ResourceCall, 'attributes'>,
  ): Promise<void> {
    const { attributes, resource, query } = request;
    if (!resource || !hasPart(resource, attributes.subresource))
      throw noSuchPath();
    const call: ResourceCall = {
      req,
      res,
      resource,
      attributes,
      query,
      apiVersion: apiVersionOf(resource, attributes.version),
      representation: representationFor(req),
      table: TableRenderer.create({
        resource,
        includeObject: query.get('includeObject'),
        clock: this.clock,
      }),
    };
    switch (attributes.verb) {
      case 'get':
        return this.reader.get(call);
      case 'list':
        return this.reader.list(call);
      case 'watch':
        return this.reader.watch(call);
      case 'create':
        return this.writer.create(call);
      case 'update':
        return this.writer.update(call);
      case 'patch':
        return this.writer.patch(call);
      case 'delete':
        return this.writer.delete(call);
      case 'deletecollection':
        return this.writer.deleteCollection(call);
      default:
        throw methodNotAllowed();
    }
  }
}

function hasPart(resource: ResourceType, subresource?: string): boolean {
  switch (subresource) {
    case undefined:
      return true;
    case 'status':
      return resource.status;
    case 'scale':
      return resource.scale;
    default:
      return false;
  }
}
