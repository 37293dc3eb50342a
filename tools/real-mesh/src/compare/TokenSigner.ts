import type { RequestJwt } from '@meshdeck/istio-config';
import { generateKeyPairSync, type KeyObject, sign } from 'crypto';

const KEY_ID = 'compare';
/** ECDSA with both numbers beside each other, as tokens have it. */
const ENCODING = 'ieee-p1363';

/** Signs the tokens of all issuers; the keys are made anew for each run. */
export class TokenSigner {
  static create(): TokenSigner {
    return new TokenSigner(newKeys(), newKeys());
  }

  private constructor(
    private readonly own: Keys,
    private readonly foreign: Keys,
  ) {}

  /** What a RequestAuthentication has in `jwks`. */
  get jwks(): string {
    const key = this.own.publicKey.export({ format: 'jwk' });
    return JSON.stringify({
      keys: [{ ...key, kid: KEY_ID, alg: 'ES256', use: 'sig' }],
    });
  }

  /** A token that is not valid, though its dates are in order, is signed by somebody else. */
  sign({ claims, isValid = true, isExpired }: RequestJwt): string {
    const dated = isExpired ? { ...claims, exp: 1 } : claims;
    const header = { alg: 'ES256', typ: 'JWT', kid: KEY_ID };
    const text = [header, dated]
      .map(part => Buffer.from(JSON.stringify(part)).toString('base64url'))
      .join('.');
    const { privateKey } = isValid ? this.own : this.foreign;
    const signature = sign('sha256', Buffer.from(text), {
      key: privateKey,
      dsaEncoding: ENCODING,
    });
    return `${text}.${signature.toString('base64url')}`;
  }
}

interface Keys {
  publicKey: KeyObject;
  privateKey: KeyObject;
}

function newKeys(): Keys {
  return generateKeyPairSync('ec', { namedCurve: 'P-256' });
}
