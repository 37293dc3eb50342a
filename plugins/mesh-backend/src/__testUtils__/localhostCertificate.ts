import { DemoMesh } from '@meshdeck/demo-mesh';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';

/** A certificate for `localhost` that no usual authority has signed, made by the demo mesh as it makes its gateways'. */
export async function localhostCertificate(): Promise<{
  cert: string;
  key: string;
}> {
  const directory = mkdtempSync(join(tmpdir(), 'meshdeck-certificate-'));
  mkdirSync(join(directory, 'manifests'));
  writeFileSync(
    join(directory, 'manifests/secret.yaml'),
    [
      'apiVersion: v1',
      'kind: Secret',
      'metadata:',
      '  name: localhost',
      '  namespace: default',
      '  annotations: { demo.meshdeck.io/self-signed: localhost }',
      'type: kubernetes.io/tls',
    ].join('\n'),
  );
  const mesh = await DemoMesh.start({ platforms: [directory] });
  try {
    const response = await fetch(
      `${mesh.urls.kubernetes}/api/v1/namespaces/default/secrets/localhost`,
    );
    const { data } = await response.json();
    const read = (name: string) => Buffer.from(data[name], 'base64').toString();
    return { cert: read('tls.crt'), key: read('tls.key') };
  } finally {
    await mesh.stop();
    rmSync(directory, { recursive: true });
  }
}
