import { mkdtemp, readFile, rm } from 'fs/promises';
import { tmpdir } from 'os';
import path from 'path';
import type { AnyObject } from '../KubeApi';
import { run } from '../run';

/** A Secret with a certificate for a gateway's servers; those who ask do not look at the names in it. */
export async function edgeCertificate(
  namespace: string,
  name: string,
): Promise<AnyObject> {
  const folder = await mkdtemp(path.join(tmpdir(), 'edge-'));
  const [key, certificate] = ['key.pem', 'certificate.pem'].map(file =>
    path.join(folder, file),
  );
  try {
    await run('openssl', [
      ...['req', '-x509', '-nodes', '-days', '30', '-subj', `/CN=${name}`],
      ...['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1'],
      ...['-keyout', key, '-out', certificate],
    ]);
    const encoded = async (file: string) =>
      (await readFile(file)).toString('base64');
    return {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name, namespace },
      type: 'kubernetes.io/tls',
      data: {
        'tls.key': await encoded(key),
        'tls.crt': await encoded(certificate),
      },
    };
  } finally {
    await rm(folder, { recursive: true });
  }
}
