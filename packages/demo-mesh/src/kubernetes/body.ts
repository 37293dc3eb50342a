import type { IncomingMessage } from 'node:http';
import { parseDocument } from 'yaml';
import { parseProtobuf, PROTOBUF } from './protobuf';
import { badRequest, tooLarge, unsupportedMediaType } from './StatusError';

const MAX_BYTES = 3 * 1024 * 1024;
/** Deeper than any object is, and shallower than what a recursive walk survives. */
const MAX_DEPTH = 200;

export function mediaTypeOf(req: IncomingMessage): string {
  const sent = req.headers['content-type'] ?? '';
  return sent.split(';')[0].trim().toLowerCase();
}

export async function readBody(req: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of req as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    // What comes after the limit is read and dropped, so that the sender lives to see the answer.
    if (bytes <= MAX_BYTES) chunks.push(chunk);
    else if (bytes > 10 * MAX_BYTES) throw tooLarge();
  }
  if (bytes > MAX_BYTES) throw tooLarge();
  return Buffer.concat(chunks);
}

export function parseJson(text: string): unknown {
  try {
    // `__proto__` is no field of any object; as a key it would only confuse those who copy.
    return checked(
      JSON.parse(text, function drop(key, value) {
        return key === '__proto__' ? undefined : value;
      }),
    );
  } catch (error) {
    throw badRequest(
      `couldn't get version/kind; json parse error: ${
        (error as Error).message
      }`,
    );
  }
}

export function parseYaml(text: string): unknown {
  try {
    const document = parseDocument(text, { uniqueKeys: true });
    if (document.errors.length > 0) throw document.errors[0];
    const value: unknown = document.toJS({ maxAliasCount: 100 });
    return parseJson(JSON.stringify(value ?? null));
  } catch (error) {
    throw badRequest(`error decoding YAML: ${(error as Error).message}`);
  }
}

function checked(value: unknown): unknown {
  let level: unknown[] = [value];
  for (let depth = 0; level.length > 0; depth++) {
    if (depth > MAX_DEPTH) throw new Error('exceeded max depth');
    level = level.flatMap(item =>
      typeof item === 'object' && item !== null ? Object.values(item) : [],
    );
  }
  return value;
}

/** The body of a create or an update. */
export function parseObject(req: IncomingMessage, bytes: Buffer): unknown {
  const text = bytes.toString('utf8');
  switch (mediaTypeOf(req)) {
    case '':
    case 'application/json':
      return parseJson(text);
    case 'application/yaml':
    case 'application/x-yaml':
      return parseYaml(text);
    case PROTOBUF:
      return parseProtobuf(bytes);
    default:
      throw unsupportedMediaType([
        'application/json',
        'application/yaml',
        PROTOBUF,
      ]);
  }
}
