'use strict';

// Writes openapi.yaml: the routes of paths.yaml, with the TypeScript types of src/ as their schemas.

const fs = require('fs');
const path = require('path');
const { createGenerator } = require('ts-json-schema-generator');
const yaml = require('yaml');

const HERE = __dirname;
const PACKAGE = path.dirname(HERE);
const FILE = path.join(PACKAGE, 'openapi.yaml');

/** Schemas of everything that the package exports, as components. */
function schemas() {
  const { definitions } = createGenerator({
    path: path.join(PACKAGE, 'src', 'apiTypes.ts'),
    tsconfig: path.join(PACKAGE, '..', '..', 'tsconfig.json'),
    type: '*',
    expose: 'export',
    skipTypeCheck: true,
    additionalProperties: false,
    topRef: true,
  }).createSchema('*');
  return JSON.parse(
    JSON.stringify(definitions)
      .replaceAll('#/definitions/', '#/components/schemas/')
      // References may not hold the signs of generic types.
      .replaceAll('%3C', '_')
      .replaceAll('%3E', ''),
  );
}

const errorBody = {
  type: 'object',
  required: ['error', 'response'],
  properties: {
    error: {
      type: 'object',
      required: ['name', 'message'],
      properties: { name: { type: 'string' }, message: { type: 'string' } },
    },
    request: { type: 'object' },
    response: {
      type: 'object',
      properties: { statusCode: { type: 'integer' } },
    },
    conflict: { $ref: '#/components/schemas/ConflictDetails' },
    outcome: {
      enum: ['unknown'],
      description: 'Nobody can say whether the change was written.',
    },
  },
};

const named = name => ({ $ref: `#/components/parameters/${name}` });
const json = name => ({
  'application/json': { schema: { $ref: `#/components/schemas/${name}` } },
});

function operation(route, own) {
  const {
    'x-answer': answer,
    'x-asks': asks,
    'x-view': isView,
    'x-csv': isCsv,
    ...rest
  } = own;
  return {
    ...rest,
    parameters: [
      ...['kind', 'namespace', 'name', 'placement']
        .filter(name => route.includes(`{${name}}`))
        .map(named),
      ...(isView ? [named('window')] : []),
      ...(rest.parameters ?? []),
    ],
    ...(asks ? { requestBody: { required: true, content: json(asks) } } : {}),
    responses: {
      200: {
        description: isView ? 'The view, with an ETag' : 'The answer',
        content: isCsv
          ? { 'text/csv': { schema: { type: 'string' } } }
          : json(answer),
      },
      ...(isView ? { 304: { description: 'Unchanged since that ETag' } } : {}),
      default: { $ref: '#/components/responses/Error' },
    },
  };
}

function document() {
  const { components, paths, ...head } = yaml.parse(
    fs.readFileSync(path.join(HERE, 'paths.yaml'), 'utf8'),
  );
  return {
    ...head,
    paths: Object.fromEntries(
      Object.entries(paths).map(([route, methods]) => [
        route,
        Object.fromEntries(
          Object.entries(methods).map(([method, own]) => [
            method,
            operation(route, own),
          ]),
        ),
      ]),
    ),
    components: {
      ...components,
      schemas: { ErrorBody: errorBody, ...schemas() },
    },
  };
}

const text = `# Written by \`yarn openapi\`; edit openapi/paths.yaml and the types in src/.\n${yaml.stringify(
  document(),
  { lineWidth: 0, aliasDuplicateObjects: false },
)}`;

if (process.argv.includes('--check')) {
  if (fs.readFileSync(FILE, 'utf8') !== text) {
    process.stderr.write(
      'plugins/mesh-common/openapi.yaml is not what the types say: run yarn openapi\n',
    );
    process.exitCode = 1;
  }
} else {
  fs.writeFileSync(FILE, text);
}
