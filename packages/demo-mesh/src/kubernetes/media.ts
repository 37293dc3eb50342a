import type { IncomingMessage, ServerResponse } from 'node:http';
import { stringify } from 'yaml';
import { notAcceptable } from './StatusError';

/** What form the caller wants the answer in. */
export interface Representation {
  as?: 'Table' | 'PartialObjectMetadata';
  format: 'json' | 'yaml';
}

function parseOffer(offer: string): Representation | undefined {
  const [type, ...parameters] = offer.split(';').map(part => part.trim());
  const given = new Map(
    parameters.map(parameter => {
      const [name, value = ''] = parameter.split('=');
      return [name.trim(), value.trim()];
    }),
  );
  const format = type === 'application/yaml' ? 'yaml' : 'json';
  if (
    !['application/json', 'application/yaml', 'application/*', '*/*'].includes(
      type,
    )
  )
    return undefined;
  const as = given.get('as');
  if (as === undefined) return { format };
  if (given.get('g') !== 'meta.k8s.io') return undefined;
  if (as === 'Table') return { as, format };
  return as.startsWith('PartialObjectMetadata')
    ? { as: 'PartialObjectMetadata', format }
    : undefined;
}

/** The first offer that can be served. */
export function representationFor(req: IncomingMessage): Representation {
  const { accept } = req.headers;
  if (!accept) return { format: 'json' };
  for (const offer of accept.split(',')) {
    const representation = parseOffer(offer);
    if (representation) return representation;
  }
  throw notAcceptable();
}

export function send(
  res: ServerResponse,
  code: number,
  body: object,
  format: Representation['format'] = 'json',
): void {
  const text = format === 'yaml' ? stringify(body) : JSON.stringify(body);
  const bytes = Buffer.from(text);
  res.writeHead(code, {
    'Content-Type': `application/${format}`,
    'Content-Length': bytes.length,
    'Cache-Control': 'no-cache, private',
  });
  res.end(bytes);
}
