import type { KubeObject } from '@meshdeck/istio-config';
import { selfSignedCertificate } from './selfSignedCertificate';

const SELF_SIGNED = 'demo.meshdeck.io/self-signed';
const CERTIFICATE_DAYS = 90;
const AGE_MS = 28 * 86_400_000;

/** The platforms' objects as if they had been there for weeks, with certificates in the Secrets that ask for one. */
export function prepareObjects(
  objects: readonly KubeObject[],
  nowMs: number,
): KubeObject[] {
  const bornMs = nowMs - AGE_MS;
  const creationTimestamp = `${new Date(bornMs).toISOString().slice(0, 19)}Z`;
  return objects.map(object => {
    const aged = {
      ...object,
      metadata: { creationTimestamp, ...object.metadata },
    };
    const host = object.metadata.annotations?.[SELF_SIGNED];
    if (object.kind !== 'Secret' || host === undefined) {
      return aged;
    }
    const { certificate, key } = selfSignedCertificate({
      host,
      fromMs: bornMs,
      days: CERTIFICATE_DAYS,
    });
    return {
      ...aged,
      data: {
        'tls.crt': Buffer.from(certificate).toString('base64'),
        'tls.key': Buffer.from(key).toString('base64'),
      },
    };
  });
}
