import { generateKeyPairSync, sign } from 'node:crypto';

const DAY_MS = 86_400_000;
const ECDSA_WITH_SHA256 = [0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02];
const COMMON_NAME = [0x55, 0x04, 0x03];
const SUBJECT_ALTERNATIVE_NAME = [0x55, 0x1d, 0x11];

const TAG = {
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  oid: 0x06,
  utf8: 0x0c,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  version: 0xa0,
  extensions: 0xa3,
  dnsName: 0x82,
};

/** A certificate for a host that signs itself, with a key made for it, in PEM. Good for a demo's gateway only. */
export function selfSignedCertificate(options: {
  host: string;
  fromMs: number;
  days: number;
}): { certificate: string; key: string } {
  const { host, fromMs, days } = options;
  const { privateKey, publicKey } = generateKeyPairSync('ec', {
    namedCurve: 'P-256',
  });
  const algorithm = der(TAG.sequence, der(TAG.oid, ECDSA_WITH_SHA256));
  const name = der(
    TAG.sequence,
    der(
      TAG.set,
      der(
        TAG.sequence,
        der(TAG.oid, COMMON_NAME),
        der(TAG.utf8, Buffer.from(host)),
      ),
    ),
  );
  const alternativeNames = der(
    TAG.sequence,
    der(TAG.dnsName, Buffer.from(host)),
  );
  const body = der(
    TAG.sequence,
    der(TAG.version, der(TAG.integer, [2])),
    der(TAG.integer, serialFor(fromMs)),
    algorithm,
    name,
    der(TAG.sequence, time(fromMs), time(fromMs + days * DAY_MS)),
    name,
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      TAG.extensions,
      der(
        TAG.sequence,
        der(
          TAG.sequence,
          der(TAG.oid, SUBJECT_ALTERNATIVE_NAME),
          der(TAG.octetString, alternativeNames),
        ),
      ),
    ),
  );
  const signature = sign('sha256', body, privateKey);
  const certificate = der(
    TAG.sequence,
    body,
    algorithm,
    der(TAG.bitString, [0], signature),
  );
  return {
    certificate: pem('CERTIFICATE', certificate),
    key: privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(),
  };
}

function der(tag: number, ...parts: (Buffer | number[])[]): Buffer {
  const content = Buffer.concat(parts.map(part => Buffer.from(part)));
  const { length } = content;
  const size = sizeOf(length);
  return Buffer.concat([Buffer.from([tag, ...size]), content]);
}

function sizeOf(length: number): number[] {
  if (length < 0x80) {
    return [length];
  }
  return length < 0x100
    ? [0x81, length]
    : [0x82, Math.floor(length / 0x100), length % 0x100];
}

function time(ms: number): Buffer {
  const text = new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '');
  return der(TAG.generalizedTime, Buffer.from(text));
}

function serialFor(ms: number): number[] {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(BigInt(Math.floor(ms)));
  return [1, ...bytes];
}

function pem(kind: string, content: Buffer): string {
  const lines = content.toString('base64').match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${kind}-----\n${lines.join(
    '\n',
  )}\n-----END ${kind}-----\n`;
}
