import { existsSync, readFileSync } from 'fs';
import { join } from 'path';
import { parseAllDocuments } from 'yaml';
import { describeRef } from '../kube/KubeObject';
import { flattenLists } from '../kube/flattenLists';
import { MeshObjects, SetOptions } from '../MeshObjects';
import { FINDING_RULES } from './findings';
import { runRule } from './runRule';

const FOLDER = join(
  __dirname,
  '../../../../../shared/fixtures/istio-analyzers',
);
const isHere = existsSync(join(FOLDER, 'cases.json'));

interface Case {
  id: string;
  analyzer: string;
  inputFiles: string[];
  expected: { code: string; level: string; resource: string }[];
}

/** The codes of each analyzer, and its file, by which its IST0101 is told from those of others. */
const ANALYZERS: Record<string, { codes: string[]; file: string }> = {
  'externalcontrolplane.ExternalControlPlaneAnalyzer': {
    codes: ['IST0163', 'IST0164'],
    file: 'externalcontrolplane',
  },
  'gateway.IngressGatewayPortAnalyzer': {
    codes: ['IST0101', 'IST0162'],
    file: 'gateway/gateway.go',
  },
  'gateway.SecretAnalyzer': {
    codes: ['IST0101', 'IST0161'],
    file: 'secret.go',
  },
  'gateway.ConflictingGatewayAnalyzer': { codes: ['IST0145'], file: '' },
  'injection.Analyzer': {
    codes: ['IST0102', 'IST0103', 'IST0123', 'IST0148'],
    file: '',
  },
  'injection.ImageAnalyzer': { codes: ['IST0158'], file: '' },
  'service.PortNameAnalyzer': { codes: ['IST0118', 'IST0150'], file: '' },
  'sidecar.SelectorAnalyzer': {
    codes: ['IST0101', 'IST0110', 'IST0111', 'IST0167'],
    file: 'sidecar/selector.go',
  },
  'virtualservice.ConflictingMeshGatewayHostsAnalyzer': {
    codes: ['IST0109'],
    file: '',
  },
  'virtualservice.DestinationHostAnalyzer': {
    codes: ['IST0101', 'IST0112', 'IST0140'],
    file: 'destinationhosts.go',
  },
  'virtualservice.GatewayAnalyzer': {
    codes: ['IST0101', 'IST0132', 'IST0165'],
    file: 'virtualservice/gateways.go',
  },
  'virtualservice.JWTClaimRouteAnalyzer': { codes: ['IST0149'], file: '' },
  'deployment.MultiServiceAnalyzer': {
    codes: ['IST0116', 'IST0137'],
    file: '',
  },
  'meshnetworks.MeshNetworksAnalyzer': { codes: ['IST0126'], file: '' },
  'authn.BlockedCIDRsAnalyzer': { codes: ['IST0175'], file: '' },
  'auth.AuthorizationPoliciesAnalyzer': {
    codes: ['IST0101', 'IST0127'],
    file: 'authorizationpolicies.go',
  },
  'destinationrule.CaCertificateAnalyzer': {
    codes: ['IST0128', 'IST0129'],
    file: '',
  },
  'schema.ValidationAnalyzer.VirtualService': {
    codes: ['IST0106', 'IST0130', 'IST0131', 'IST0133'],
    file: '',
  },
  'serviceentry.Analyzer': { codes: ['IST0134'], file: '' },
  'serviceentry.ConflictingServiceEntryProtocolAnalyzer': {
    codes: ['IST0177'],
    file: '',
  },
  'webhook.Analyzer': { codes: ['IST0139'], file: '' },
  'applicationUID.Analyzer': { codes: ['IST0144'], file: '' },
  'envoyfilter.EnvoyPatchAnalyzer': {
    codes: ['IST0151', 'IST0152', 'IST0153', 'IST0154', 'IST0155'],
    file: '',
  },
  'telemetry.ProviderAnalyzer': { codes: ['IST0157'], file: '' },
  'telemetry.SelectorAnalyzer': {
    codes: ['IST0101', 'IST0159'],
    file: 'telemetry/selector.go',
  },
  'telemetry.DefaultSelectorAnalyzer': { codes: ['IST0160'], file: '' },
  'k8sgateway.SelectorAnalyzer': { codes: ['IST0166'], file: '' },
  'k8sgateway.CRDVersionAnalyzer': { codes: ['IST0176'], file: '' },
  'destinationrule.SubsetSelectPodAnalyzer': {
    codes: ['IST0173', 'IST0174'],
    file: '',
  },
  'services.MultiClusterServiceAnalyzer': { codes: ['IST0170'], file: '' },
};

/** What Istio's harness has in its root namespace. */
const HARNESS = [
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: {
      name: 'istio-ingressgateway',
      namespace: 'istio-system',
      labels: { istio: 'ingressgateway' },
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name: 'istio-ingressgateway', namespace: 'istio-system' },
    spec: {
      selector: { istio: 'ingressgateway' },
      ports: [80, 443, 31400, 15443].map(port => ({ port, protocol: 'TCP' })),
    },
  },
];

/** Two cases have a mesh configuration that the fixtures name only in words. */
const MESH: Record<string, SetOptions['meshConfig']> = {
  'serviceentry-missing-addresses-protocol.yaml': {
    proxyMetadata: {
      ISTIO_META_DNS_CAPTURE: 'true',
      ISTIO_META_DNS_AUTO_ALLOCATE: 'true',
    },
  },
};
const NETWORKS = {
  apiVersion: 'mesh.istio.io/v1alpha1',
  kind: 'MeshNetworks',
  metadata: { name: 'meshnetworks', namespace: 'istio-system' },
  networks: {
    one: { endpoints: [{ fromRegistry: 'cluster-one' }] },
    two: {
      endpoints: [
        { fromRegistry: 'cluster-two' },
        { fromRegistry: 'Kubernetes' },
      ],
    },
  },
};

const IGNORED = [
  'kube-system',
  'kube-public',
  'kube-node-lease',
  'local-path-storage',
];

function found({ analyzer, inputFiles }: Case): string[] {
  const objects = inputFiles
    .map(file => readFileSync(join(FOLDER, file), 'utf8'))
    .flatMap(text => parseAllDocuments(text))
    .flatMap(document => flattenLists(document.toJS()))
    .filter((object: any) => !IGNORED.includes(object?.metadata?.namespace));
  const set = MeshObjects.create([...HARNESS, NETWORKS, ...objects], {
    complete: true,
    meshConfig: MESH[inputFiles[0]],
    now: () => Date.parse('2026-08-01'),
  });
  const { codes, file } = ANALYZERS[analyzer];
  return FINDING_RULES.filter(
    rule =>
      codes.includes(rule.code) &&
      (rule.code !== 'IST0101' || rule.source.includes(file)),
  )
    .flatMap(rule => runRule(set, rule))
    .map(({ code, resource }) => `${code} ${describeRef(resource)}`)
    .sort();
}

(isHere ? describe : describe.skip)(
  `Istio's analyzer cases${isHere ? '' : ` (skipped: ${FOLDER} is absent)`}`,
  () => {
    const cases: Case[] = isHere
      ? JSON.parse(readFileSync(join(FOLDER, 'cases.json'), 'utf8'))
      : [];
    it.each(cases.map((one): [string, Case] => [one.id, one]))(
      '%s',
      (_id, one) => {
        expect(found(one)).toEqual(
          one.expected
            .map(({ code, resource }) => `${code} ${resource}`)
            .sort(),
        );
      },
    );
  },
);
