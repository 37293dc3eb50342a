import {
  type CertificateView,
  isDnsLabel,
  isObjectName,
} from '@meshdeck/plugin-mesh-common';
import type { MeshClusterAccess } from '@meshdeck/plugin-mesh-node';
import { readText } from '../sources/readText';
import type { SourceCache } from '../sources/SourceCache';
import { SourceError } from '../sources/SourceError';
import type { GatewaySecret } from './gatewaySecrets';
import { CertificateFacts, readCertificate } from './readCertificate';

/** etcd takes no larger object. */
const MOST_BYTES = 4 * 1024 * 1024;

/** What is known of the certificate in a Secret: its facts, or why there are none. */
type PublicCertificate = {
  facts?: CertificateFacts;
  message?: string;
};

/**
 * Reads the public certificate of Secrets. The API server sends the key along; it is dropped with the answer, and
 * neither kept nor told.
 */
export class PublicCertificates {
  static create(options: {
    access: MeshClusterAccess;
    cache: SourceCache;
    deadlineMs: number;
  }) {
    return new PublicCertificates(options);
  }

  private constructor(
    private readonly options: Parameters<typeof PublicCertificates.create>[0],
  ) {}

  /** What a gateway's certificate is, or why nobody knows. @throws SourceError where the cluster does not answer. */
  async ofGateway(
    cluster: string,
    { gateway, refused, ...secret }: GatewaySecret,
  ): Promise<CertificateView> {
    const { facts, message } = refused
      ? { message: `${nameOf(secret)} is not granted. ${refused}` }
      : await this.of(cluster, secret);
    return {
      of: `gateway ${gateway.namespace}/${gateway.name}`,
      ...facts,
      from: 'secret',
      message,
    };
  }

  private async of(
    cluster: string,
    secret: { namespace: string; name: string },
  ): Promise<PublicCertificate> {
    const { namespace, name } = secret;
    if (!isDnsLabel(namespace) || !isObjectName(name)) {
      // Encoded or not, a slash would lead elsewhere.
      return {
        message: `${namespace}/${name.slice(
          0,
          253,
        )} is no name that a Secret can have: TLS handshakes with the gateway fail. Correct the name in the Gateway.`,
      };
    }
    const path = `/api/v1/namespaces/${namespace}/secrets/${name}`;
    return this.options.cache.answer<PublicCertificate>(
      { scope: cluster, question: `certificate ${path}` },
      async () => describe(secret, await this.publicPart(cluster, path)),
    );
  }

  private async publicPart(
    cluster: string,
    path: string,
  ): Promise<{ status: number; pem?: string }> {
    const { access, deadlineMs } = this.options;
    const signal = AbortSignal.timeout(deadlineMs);
    try {
      const response = await access.request(cluster, { path, signal });
      const text = await readText(
        { body: response.body as AsyncIterable<Uint8Array> | null },
        MOST_BYTES,
      );
      return { status: response.status, pem: pemIn(text) };
    } catch (error) {
      throw new SourceError(
        signal.aborted
          ? `Cluster ${cluster} did not answer within ${deadlineMs / 1000} s.`
          : `Cluster ${cluster} cannot be reached: ${
              (error as Error).message
            }. Check its entry under kubernetes.clusterLocatorMethods.`,
      );
    }
  }
}

/** Never lets a parser's message through: it could quote what it read. */
function pemIn(text: string): string | undefined {
  try {
    const { data } = JSON.parse(text);
    // Istio reads `cert` of a generic Secret, else `tls.crt`.
    const encoded: unknown = data?.cert ?? data?.['tls.crt'];
    return typeof encoded === 'string'
      ? Buffer.from(encoded, 'base64').toString('utf8')
      : undefined;
  } catch {
    return undefined;
  }
}

function nameOf({ namespace, name }: { namespace: string; name: string }) {
  return `Secret ${namespace}/${name}`;
}

function describe(
  named: { namespace: string; name: string },
  { status, pem }: { status: number; pem?: string },
): PublicCertificate {
  const secret = nameOf(named);
  switch (status) {
    case 200:
      break;
    case 403:
      return {
        message: `The portal may not read ${secret}, so it does not know when the certificate ends. Grant its account get on this Secret, or watch the end elsewhere.`,
      };
    case 404:
      return {
        message: `There is no ${secret}: TLS handshakes with the gateway fail. Create it, or correct the name in the Gateway.`,
      };
    default:
      return {
        message: `${secret} could not be read (${status}), so it is not known when the certificate ends.`,
      };
  }
  const facts = pem === undefined ? undefined : readCertificate(pem);
  return facts
    ? { facts }
    : {
        message: `${secret} holds no certificate that can be read: TLS handshakes with the gateway fail. Put it into tls.crt in PEM.`,
      };
}
