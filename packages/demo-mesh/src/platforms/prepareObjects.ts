import type { KubeObject } from '@meshdeck/istio-config';
import { selfSignedCertificate } from './selfSignedCertificate';

const SELF_SIGNED = 'demo.meshdeck.io/self-signed';
const CERTIFICATE_DAYS = 90;
const AGE_MS = 28 * 86_400_000;
const LAST_MOVE_MS = 4 * 60_000;

/** The platforms' objects as if they had been there for weeks, with certificates in the Secrets that ask for one. */
export function prepareObjects(
  objects: readonly KubeObject[],
  nowMs: number,
): KubeObject[] {
  const bornMs = nowMs - AGE_MS;
  const creationTimestamp = `${new Date(bornMs).toISOString().slice(0, 19)}Z`;
  return objects.map(object => {
    const aged = {
      ...justMoved(object, nowMs),
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

/** A rollout under way moved a few minutes ago, whenever the demo starts. */
function justMoved(object: KubeObject, nowMs: number): KubeObject {
  const { kind, status } = object;
  const time = new Date(nowMs - LAST_MOVE_MS).toISOString();
  if (kind === 'Canary' && status) {
    return { ...object, status: { lastTransitionTime: time, ...status } };
  }
  if (kind !== 'Rollout' || !Array.isArray(status?.pauseConditions)) {
    return object;
  }
  return {
    ...object,
    status: {
      ...status,
      pauseConditions: status.pauseConditions.map((condition: object) => ({
        startTime: time,
        ...condition,
      })),
    },
  };
}
