import { mkdtempSync, readFileSync, rmSync } from 'fs';
import { tmpdir } from 'os';
import path from 'path';
import type { Platform } from '@meshdeck/demo-mesh';
import type { AnyObject } from '../KubeApi';
import { ROOT_NAMESPACE } from '../manifests';
import { run } from '../run';

/** What these pods need of memory is real here. */
const MOST_REPLICAS = 2;
/** As the platforms' policies name it: the one that Istio's own chart makes. */
const INGRESS_ACCOUNT = 'istio-ingressgateway-service-account';
const SELF_SIGNED_ANNOTATION = 'demo.meshdeck.io/self-signed';
/** Kinds of other tools, which do not run here. */
const LEFT_OUT = [
  'Canary',
  'Rollout',
  'AnalysisRun',
  'ReplicaSet',
  'GatewayClass',
];
/** Of the control plane only what belongs to the platform. */
const OF_ROOT = [
  'Secret',
  'Gateway',
  'VirtualService',
  'PeerAuthentication',
  'Telemetry',
];

/** A platform's objects as they can stand in a real mesh, namespaces first. */
export async function platformObjects({
  objects,
}: Platform): Promise<AnyObject[]> {
  const kept = (objects as AnyObject[]).filter(({ kind, metadata }) =>
    metadata.namespace === ROOT_NAMESPACE
      ? OF_ROOT.includes(kind)
      : metadata.name !== ROOT_NAMESPACE && !LEFT_OUT.includes(kind),
  );
  const ready = await Promise.all(kept.map(prepared));
  const isFirst = ({ kind }: AnyObject) => kind === 'Namespace';
  return [
    ...ready.filter(isFirst),
    ...ready.filter(object => !isFirst(object)),
    ...ingress(),
  ];
}

async function prepared(object: AnyObject): Promise<AnyObject> {
  const { status: _status, ...rest } = object;
  const host = object.metadata.annotations?.[SELF_SIGNED_ANNOTATION];
  if (object.kind === 'Secret' && host) {
    return { ...rest, type: 'kubernetes.io/tls', data: await selfSigned(host) };
  }
  return object.kind === 'Deployment'
    ? {
        ...rest,
        spec: {
          ...object.spec,
          replicas: Math.min(object.spec.replicas ?? 1, MOST_REPLICAS),
        },
      }
    : rest;
}

/** A certificate for the host, as a Secret holds it. */
async function selfSigned(host: string): Promise<Record<string, string>> {
  const folder = mkdtempSync(path.join(tmpdir(), 'self-signed-'));
  const [key, certificate] = ['key.pem', 'cert.pem'].map(name =>
    path.join(folder, name),
  );
  try {
    await run('openssl', [
      'req',
      '-x509',
      '-newkey',
      'rsa:2048',
      '-nodes',
      '-days',
      '90',
      '-subj',
      `/CN=${host}`,
      '-addext',
      `subjectAltName=DNS:${host}`,
      '-keyout',
      key,
      '-out',
      certificate,
    ]);
    return {
      'tls.crt': readFileSync(certificate).toString('base64'),
      'tls.key': readFileSync(key).toString('base64'),
    };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The gateway that the platforms' Gateways select. */
function ingress(): AnyObject[] {
  const name = 'istio-ingressgateway';
  const labels = { istio: 'ingressgateway', app: name };
  const metadata = { name, namespace: ROOT_NAMESPACE, labels };
  return [
    {
      apiVersion: 'v1',
      kind: 'ServiceAccount',
      metadata: { ...metadata, name: INGRESS_ACCOUNT },
    },
    ...maySeeCertificates(INGRESS_ACCOUNT),
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata,
      spec: {
        selector: { matchLabels: labels },
        template: {
          metadata: {
            labels: { ...labels, 'sidecar.istio.io/inject': 'true' },
            annotations: { 'inject.istio.io/templates': 'gateway' },
          },
          spec: {
            serviceAccountName: INGRESS_ACCOUNT,
            containers: [{ name: 'istio-proxy', image: 'auto' }],
          },
        },
      },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata,
      spec: {
        type: 'LoadBalancer',
        selector: labels,
        ports: [
          { name: 'http2', port: 80 },
          { name: 'https', port: 443 },
        ],
      },
    },
  ];
}

/** istiod hands a certificate to a gateway whose account may read Secrets. */
function maySeeCertificates(name: string): AnyObject[] {
  const group = 'rbac.authorization.k8s.io';
  const metadata = { name: `${name}-certificates`, namespace: ROOT_NAMESPACE };
  return [
    {
      apiVersion: `${group}/v1`,
      kind: 'Role',
      metadata,
      rules: [
        {
          apiGroups: [''],
          resources: ['secrets'],
          verbs: ['get', 'watch', 'list'],
        },
      ],
    },
    {
      apiVersion: `${group}/v1`,
      kind: 'RoleBinding',
      metadata,
      roleRef: { apiGroup: group, kind: 'Role', name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name, namespace: ROOT_NAMESPACE }],
    },
  ];
}
