import { apiVersionOf, groupOf, resourceTypes } from './resources';

const TITLE = 'Meshdeck demo cluster';
const VERSION = 'v1.33.0';

/** Each kind in each of its versions. */
function kinds(): {
  group: string;
  version: string;
  kind: string;
  path: string;
}[] {
  return resourceTypes.flatMap(type =>
    type.versions.map(version => {
      const apiVersion = apiVersionOf(type, version);
      const root = groupOf(apiVersion) ? '/apis' : '/api';
      const { group, kind, plural } = type;
      return {
        group,
        version,
        kind,
        path: `${root}/${apiVersion}/${plural}/{name}`,
      };
    }),
  );
}

const GVK = 'x-kubernetes-group-version-kind';

/**
 * An OpenAPI 2 document without schemas, so that kubectl leaves validation to the server. It says of each kind that
 * a patch can be a dry run, which kubectl looks up before it asks for one.
 */
export function openApiV2(): object {
  const paths = kinds().map(({ path, ...gvk }) => [
    path,
    {
      patch: {
        parameters: [{ in: 'query', name: 'dryRun', type: 'string' }],
        responses: {},
        [GVK]: gvk,
      },
    },
  ]);
  return {
    swagger: '2.0',
    info: { title: TITLE, version: VERSION },
    paths: Object.fromEntries(paths),
    definitions: {},
  };
}

/** One length-delimited field of a protobuf message. */
function field(number: number, ...content: (Buffer | string)[]): Buffer {
  const bytes = Buffer.concat(content.map(part => Buffer.from(part)));
  const head = [number * 8 + 2];
  for (let rest = bytes.length; ; rest = Math.floor(rest / 128)) {
    head.push(rest < 128 ? rest : (rest % 128) + 128);
    if (rest < 128) return Buffer.concat([Buffer.from(head), bytes]);
  }
}

/** The same as protobuf (`openapi.v2.Document`), which is what kubectl asks for. */
export function openApiV2Protobuf(): Buffer {
  const paths = kinds().map(({ path, ...gvk }) => {
    const query = field(3, field(2, 'query'), field(4, 'dryRun'));
    const parameter = field(8, field(1, field(2, query)));
    const extension = field(
      13,
      field(1, GVK),
      field(2, field(2, JSON.stringify(gvk))),
    );
    const patch = field(8, parameter, extension);
    return field(2, field(1, path), field(2, patch));
  });
  return Buffer.concat([
    field(1, '2.0'),
    field(2, field(1, TITLE), field(2, VERSION)),
    field(8, ...paths),
    field(9, ''),
  ]);
}

export const OPENAPI_PROTOBUF =
  'application/com.github.proto-openapi.spec.v2@v1.0+protobuf';
