import { badRequest } from './StatusError';

export const PROTOBUF = 'application/vnd.kubernetes.protobuf';

type FieldKind = 'text' | 'number' | 'bytes' | Message;
type Field = [name: string, kind: FieldKind, form?: 'list' | 'map'];
/** The fields of a message by number. */
interface Message {
  [number: number]: Field;
}

const metadata: Message = {
  1: ['name', 'text'],
  2: ['generateName', 'text'],
  3: ['namespace', 'text'],
  5: ['uid', 'text'],
  6: ['resourceVersion', 'text'],
  11: ['labels', 'text', 'map'],
  12: ['annotations', 'text', 'map'],
};

const container: Message = {
  1: ['name', 'text'],
  2: ['image', 'text'],
  3: ['command', 'text', 'list'],
  4: ['args', 'text', 'list'],
  6: [
    'ports',
    {
      1: ['name', 'text'],
      3: ['containerPort', 'number'],
      4: ['protocol', 'text'],
    },
    'list',
  ],
  7: ['env', { 1: ['name', 'text'], 2: ['value', 'text'] }, 'list'],
};

const selector: Message = { 1: ['matchLabels', 'text', 'map'] };

/** What kubectl's own create commands send: the messages of `k8s.io/api`, as far as they fill them. */
const messages = new Map<string, Message>([
  ['v1/Namespace', { 1: ['metadata', metadata] }],
  ['v1/ServiceAccount', { 1: ['metadata', metadata] }],
  [
    'v1/ConfigMap',
    {
      1: ['metadata', metadata],
      2: ['data', 'text', 'map'],
      3: ['binaryData', 'bytes', 'map'],
    },
  ],
  [
    'v1/Secret',
    {
      1: ['metadata', metadata],
      2: ['data', 'bytes', 'map'],
      3: ['type', 'text'],
    },
  ],
  [
    'apps/v1/Deployment',
    {
      1: ['metadata', metadata],
      2: [
        'spec',
        {
          1: ['replicas', 'number'],
          2: ['selector', selector],
          3: [
            'template',
            {
              1: ['metadata', metadata],
              2: ['spec', { 2: ['containers', container, 'list'] }],
            },
          ],
        },
      ],
    },
  ],
  [
    'authorization.k8s.io/v1/SelfSubjectAccessReview',
    {
      1: ['metadata', metadata],
      2: [
        'spec',
        {
          1: [
            'resourceAttributes',
            {
              1: ['namespace', 'text'],
              2: ['verb', 'text'],
              3: ['group', 'text'],
              4: ['version', 'text'],
              5: ['resource', 'text'],
              6: ['subresource', 'text'],
              7: ['name', 'text'],
            },
          ],
          2: [
            'nonResourceAttributes',
            { 1: ['path', 'text'], 2: ['verb', 'text'] },
          ],
        },
      ],
    },
  ],
]);

const envelope: Message = {
  1: ['type', { 1: ['apiVersion', 'text'], 2: ['kind', 'text'] }],
  2: ['raw', 'bytes'],
};
const MAGIC = Buffer.from([0x6b, 0x38, 0x73, 0x00]);

/** Reads a message; fields it doesn't know are left out. */
function decode(bytes: Buffer, message: Message): Record<string, any> {
  const result = new Map<string, any>();
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new Error('unexpected end');
      value += (byte % 128) * factor;
      if (byte < 128) return value;
      if (factor > 2 ** 56) throw new Error('a number is too long');
    }
  };
  while (at < bytes.length) {
    const tag = varint();
    const known = message[Math.floor(tag / 8)] as Field | undefined;
    let value: number | Buffer;
    switch (tag % 8) {
      case 0:
        value = varint();
        break;
      case 2: {
        const length = varint();
        if (at + length > bytes.length) throw new Error('unexpected end');
        value = bytes.subarray(at, at + length);
        at += length;
        break;
      }
      default:
        throw new Error(`unknown wire type ${tag % 8}`);
    }
    if (known) add(result, known, value);
  }
  return Object.fromEntries(result);
}

function add(
  result: Map<string, any>,
  [name, kind, form]: Field,
  value: number | Buffer,
): void {
  if (form === 'map') {
    const entry = decode(value as Buffer, {
      1: ['key', 'text'],
      2: ['value', kind],
    });
    const content = entry.value ?? '';
    result.set(name, {
      ...result.get(name),
      [entry.key ?? '']: Buffer.isBuffer(content)
        ? content.toString('base64')
        : content,
    });
    return;
  }
  const read = readValue(kind, value);
  if (form === 'list') result.set(name, [...(result.get(name) ?? []), read]);
  // Go writes what is empty as well; here it means "not there".
  else if (read !== '') result.set(name, read);
}

function readValue(kind: FieldKind, value: number | Buffer): unknown {
  if (kind === 'number' || kind === 'bytes') return value;
  if (!Buffer.isBuffer(value))
    throw new Error('a number in place of a message');
  return kind === 'text' ? value.toString('utf8') : decode(value, kind);
}

/** An object in the binary form that kubectl's own commands prefer for built-in kinds. */
export function parseProtobuf(bytes: Buffer): unknown {
  try {
    if (!bytes.subarray(0, 4).equals(MAGIC))
      throw new Error('the envelope is missing');
    const { type, raw = Buffer.alloc(0) } = decode(bytes.subarray(4), envelope);
    const { apiVersion = '', kind = '' } = type ?? {};
    const message = messages.get(`${apiVersion}/${kind}`);
    if (!message)
      throw new Error(`${kind} of ${apiVersion} is understood as JSON only`);
    return { apiVersion, kind, ...decode(raw, message) };
  } catch (error) {
    throw badRequest(
      `the body of the request could not be decoded: ${
        (error as Error).message
      }`,
    );
  }
}
