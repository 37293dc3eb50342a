import { isMap, type KubeObject } from '@meshdeck/istio-config';
import {
  mediaTypeOf,
  parseJson,
  parseObject,
  parseYaml,
  readBody,
} from './body';
import { istioValidator, isIstio, type IstioValidator } from './istioSchemas';
import { send } from './media';
import { patched, type Patch, type Target } from './objectParts';
import { ObjectRegistry, type WriteOptions } from './ObjectRegistry';
import type { ObjectStore } from './ObjectStore';
import { assertFieldManager, isDryRun, managerOf } from './request';
import {
  answer,
  asListItems,
  namespaceOf,
  targetOf,
  type ResourceCall,
} from './resourceCall';
import { inVersion } from './resources';
import { scaled, scaleOf } from './scale';
import { selection } from './selectors';
import {
  badRequest,
  deleted,
  methodNotAllowed,
  unsupportedMediaType,
} from './StatusError';

const PATCH_TYPES = new Map<string, Patch['type']>([
  ['application/json-patch+json', 'json'],
  ['application/merge-patch+json', 'merge'],
  ['application/strategic-merge-patch+json', 'strategic'],
]);
const MAX_WARNINGS = 10;
const NOT_ASCII = /[^\x20-\x7e]/g;
const APPLY = 'application/apply-patch+yaml';

/** Answers create, update, patch, delete and deletecollection. */
export class ResourceWriter {
  static create(options: { store: ObjectStore }) {
    return new ResourceWriter(options.store);
  }

  private readonly registry: ObjectRegistry;
  private validator: IstioValidator | undefined;

  private constructor(private readonly store: ObjectStore) {
    this.registry = ObjectRegistry.create({
      store,
      check: object => this.validator?.(object) ?? [],
    });
  }

  async create(call: ResourceCall): Promise<void> {
    const { req, resource, attributes } = call;
    if (attributes.name !== undefined) throw methodNotAllowed();
    if (resource.namespaced && attributes.namespace === undefined)
      throw methodNotAllowed();
    assertFieldManager('create', call.query, false);
    const options = this.writeOptions(call);
    const body = parseObject(req, await readBody(req));
    await this.loadSchemas(call);
    const object = this.registry.create(
      resource,
      namespaceOf(call),
      body,
      options,
    );
    answer(call, 201, object);
  }

  async update(call: ResourceCall): Promise<void> {
    const { req } = call;
    const target = targetOf(call);
    assertFieldManager('update', call.query, false);
    const options = this.writeOptions(call);
    const body = parseObject(req, await readBody(req));
    await this.loadSchemas(call);
    answer(
      call,
      200,
      call.attributes.subresource === 'scale'
        ? this.registry.update(
            target,
            scaled(this.registry.get(target), body),
            { ...options, apiVersion: undefined },
          )
        : this.registry.update(target, body, options),
    );
  }

  async patch(call: ResourceCall): Promise<void> {
    const { req, query, resource } = call;
    const target = targetOf(call);
    const mediaType = mediaTypeOf(req);
    const type = PATCH_TYPES.get(mediaType);
    const isApply = mediaType === APPLY;
    if (!isApply && (!type || (type === 'strategic' && !resource.builtIn))) {
      throw unsupportedMediaType([
        ...[...PATCH_TYPES.keys()].filter(
          accepted =>
            resource.builtIn || PATCH_TYPES.get(accepted) !== 'strategic',
        ),
        APPLY,
      ]);
    }
    assertFieldManager('patch', query, isApply);
    const options = this.writeOptions(call);
    const text = (await readBody(req)).toString('utf8');
    const document = isApply ? parseYaml(text) : parseJson(text);
    await this.loadSchemas(call);
    if (call.attributes.subresource === 'scale') {
      answer(
        call,
        200,
        this.patchScale(target, { type: type ?? 'merge', document }, options),
      );
      return;
    }
    if (!type) {
      const existed =
        this.store.find(resource, target.namespace, target.name) !== undefined;
      const force = ['true', '1'].includes(query.get('force') ?? '');
      const object = this.registry.apply(target, document, {
        ...options,
        force,
      });
      answer(call, existed ? 200 : 201, object);
      return;
    }
    answer(call, 200, this.registry.patch(target, { type, document }, options));
  }

  private patchScale(
    target: Target,
    patch: Patch,
    options: WriteOptions,
  ): KubeObject {
    const live = this.registry.get(target);
    const scale = patched(target.resource, scaleOf(live), patch);
    return this.registry.update(target, scaled(live, scale), {
      ...options,
      apiVersion: undefined,
    });
  }

  async delete(call: ResourceCall): Promise<void> {
    const { res, resource, representation } = call;
    if (call.attributes.subresource) throw methodNotAllowed();
    const target = targetOf(call);
    const options = await deleteOptions('delete', call);
    const object = this.registry.delete(target, options);
    if (object.metadata.deletionTimestamp) {
      answer(call, 200, object);
      return;
    }
    const { uid } = object.metadata;
    send(res, 200, deleted(resource, target.name, uid), representation.format);
  }

  async deleteCollection(call: ResourceCall): Promise<void> {
    const { res, resource, query, representation } = call;
    const { dryRun } = await deleteOptions('deletecollection', call);
    const isSelected = selection({
      resource,
      namespace: namespaceOf(call),
      labels: query.get('labelSelector') ?? undefined,
      fields: query.get('fieldSelector') ?? undefined,
    });
    const items = this.store
      .list(resource)
      .filter(isSelected)
      .map(({ metadata }) =>
        this.registry.delete(
          { resource, namespace: metadata.namespace, name: metadata.name },
          { dryRun },
        ),
      )
      .map(object => inVersion(object, call.apiVersion));
    const list = {
      kind: `${resource.kind}List`,
      apiVersion: call.apiVersion,
      metadata: { resourceVersion: `${this.store.resourceVersion}` },
      items: asListItems(resource, items),
    };
    send(res, 200, list, representation.format);
  }

  private writeOptions(call: ResourceCall): WriteOptions {
    const { req, query, attributes, apiVersion } = call;
    return {
      manager: managerOf(query, req.headers['user-agent']),
      apiVersion,
      dryRun: isDryRun(attributes.verb, query),
      ...(attributes.subresource === 'status' ? { subresource: 'status' } : {}),
      onUnknownFields: paths => tellOfUnknownFields(call, paths),
    };
  }

  private async loadSchemas({ apiVersion }: ResourceCall): Promise<void> {
    if (isIstio(apiVersion)) this.validator = await istioValidator();
  }
}

/** Typing errors in field names end here: refused, warned of or passed over, as the writer wants it. */
function tellOfUnknownFields(
  { res, resource, query, attributes }: ResourceCall,
  paths: string[],
): void {
  const said = paths
    .slice(0, MAX_WARNINGS)
    .map(path => `unknown field ${JSON.stringify(path)}`);
  switch (query.get('fieldValidation')) {
    case 'Ignore':
      return;
    case 'Strict':
      throw badRequest(
        `${resource.kind} in version "${
          attributes.version
        }" cannot be handled as a ${
          resource.kind
        }: strict decoding error: ${said.join(', ')}`,
      );
    default:
      res.setHeader(
        'Warning',
        said.map(text =>
          `299 - ${JSON.stringify(text)}`.replace(NOT_ASCII, '?'),
        ),
      );
  }
}

/** Of the body where there is one: then the API server does not look at those of the address. */
async function deleteOptions(
  verb: string,
  { req, query }: ResourceCall,
): Promise<{
  dryRun: boolean;
  preconditions?: { uid?: string; resourceVersion?: string };
}> {
  const bytes = await readBody(req);
  if (bytes.length === 0) return { dryRun: isDryRun(verb, query) };
  const body = parseObject(req, bytes);
  const sent = isMap(body) ? body : {};
  return {
    dryRun: isDryRun(verb, new URLSearchParams(), sent.dryRun),
    preconditions: sent.preconditions,
  };
}
