import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { analyze } from './analyze';
import type { PlacedFinding } from './PlacedFinding';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'documents-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function analyzed(path: string): PlacedFinding[] {
  let out = '';
  analyze(['--json', path], {
    out: text => {
      out += text;
    },
    error: text => {
      throw new Error(text);
    },
  });
  return JSON.parse(out);
}

const brief = ({ code, resource, path, line }: PlacedFinding) =>
  [code, resource, path, line].join(' ');

const fenced = (...yaml: string[]) =>
  yaml.map(text => `Some words.\n\n\`\`\`yaml\n${text}\n\`\`\`\n`).join('\n');

/** One mistake each, as teams write them in the documentation of their meshes. */
const MISTAKES: [name: string, yaml: string, expected: string[]][] = [
  [
    'an outlier limit of former times',
    'outlierDetection:\n  consecutiveErrors: 7\n  interval: 5s',
    ['MD0101 DestinationRule outlierDetection.consecutiveErrors 5'],
  ],
  [
    'two kinds in one piece',
    'randomSamplingPercentage: 1\noutlierDetection:\n  consecutiveErrors: 7',
    ['MD0101 DestinationRule outlierDetection.consecutiveErrors 6'],
  ],
  [
    'an invented circuit breaker',
    'trafficPolicy:\n  circuitBreaker:\n    consecutive5xxErrors: 2',
    ['MD0105 DestinationRule trafficPolicy.circuitBreaker 5'],
  ],
  [
    'a keep-alive under another name',
    'connectionPool:\n  tcp:\n    keepAlive: {time: 60s}',
    ['MD0105 DestinationRule connectionPool.tcp.keepAlive 6'],
  ],
  [
    'a list written as a map',
    'tracing:\n  randomSamplingPercentage: 1',
    ['IST0106 Telemetry tracing 4'],
  ],
  [
    'gateway errors that 5xx errors count already',
    'outlierDetection: {consecutive5xxErrors: 3, consecutiveGatewayErrors: 3}',
    ['MD0116 DestinationRule outlierDetection.consecutiveGatewayErrors 4'],
  ],
  [
    'retries that fill the timeout without the first try',
    'timeout: 9s\nretries:\n  attempts: 3\n  perTryTimeout: 3s\nroute: [{destination: {host: b}}]',
    ['MD0126 VirtualService retries 5'],
  ],
  [
    'a destination without a host',
    'route:\n- destination:\n    subset: blue',
    ['IST0101 VirtualService route[0].destination 5'],
  ],
  [
    'an annotation that nobody reads',
    'annotations:\n  sidecar.istio.io/concurrency: "2"',
    ['MD0119 Deployment annotations["sidecar.istio.io/concurrency"] 5'],
  ],
  [
    'an annotation that has become a label',
    'spec:\n  template:\n    metadata:\n      annotations:\n        sidecar.istio.io/inject: "false"',
    [
      'MD0120 Deployment spec.template.metadata.annotations["sidecar.istio.io/inject"] 8',
    ],
  ],
  [
    'a proxy with a limit below its request',
    'metadata:\n  annotations:\n    sidecar.istio.io/proxyCPU: 300m\n    sidecar.istio.io/proxyCPULimit: 200m',
    [
      'MD0121 Deployment metadata.annotations["sidecar.istio.io/proxyCPULimit"] 7',
    ],
  ],
  [
    'an alert on requests per second',
    '- alert: TooManyErrors\n  expr: rate(istio_requests_total{response_code=~"5.."}[1m]) > 0.05',
    ['MD0124 PrometheusRule [0].expr 5'],
  ],
  [
    'an alert on nothing',
    '- alert: Certificates\n  expr: envoy_server_cert_age_days > 80',
    ['MD0125 PrometheusRule [0].expr 5'],
  ],
  [
    'placeholders for ports',
    'apiVersion: v1\nkind: Service\nmetadata: {name: new}\nspec:\n  ports:\n  - {name: http, port: THE_PORT}',
    ['MD0122 Service new spec.ports[0].port 9'],
  ],
  [
    'a placeholder for a port of a policy',
    'apiVersion: security.istio.io/v1\nkind: PeerAuthentication\nmetadata: {name: new}\nspec:\n  selector: {matchLabels: {app: new}}\n  portLevelMtls:\n    THE_PORT: {mode: STRICT}',
    ['IST0106 PeerAuthentication new spec.portLevelMtls.THE_PORT 10'],
  ],
  [
    'a route without hosts and without a name',
    'apiVersion: networking.istio.io/v1\nkind: VirtualService\nspec:\n  http:\n  - route: [{destination: {host: a}}]',
    ['IST0106 VirtualService metadata 4', 'MD0114 VirtualService spec 6'],
  ],
  [
    'an entry for a name that nothing resolves',
    'apiVersion: networking.istio.io/v1\nkind: ServiceEntry\nmetadata: {name: far}\nspec:\n  hosts: [a.b.global]\n  ports: [{number: 80, name: http, protocol: HTTP}]',
    ['MD0118 ServiceEntry far spec.hosts[0] 8'],
  ],
  [
    'tokens that nobody has to show',
    'apiVersion: security.istio.io/v1\nkind: RequestAuthentication\nmetadata: {name: tokens}\nspec:\n  jwtRules: [{issuer: me}]',
    ['MD0117 RequestAuthentication tokens spec.jwtRules 8'],
  ],
];

/** Nothing is wrong with these, and what they leave out is no mistake of a piece. */
const CORRECT = [
  'mtls: {mode: STRICT}',
  'spec:\n  mtls:\n    mode: STRICT',
  'timeout: 15s',
  'rules:\n- from: [{source: {principals: [cluster.local/ns/a/sa/b]}}]',
  'match:\n- headers: {cookie: {regex: ".*beta.*"}}\nroute:\n- destination: {host: b, subset: canary}',
  'mirror: {host: b}\nmirrorPercentage: {value: 5.0}',
  'resources:\n  requests: {cpu: 500m}',
  'metadata:\n  annotations:\n    traffic.sidecar.istio.io/includeInboundPorts: "8080,9090"',
  'apiVersion: security.istio.io/v1beta1\nkind: AuthorizationPolicy\nmetadata: {name: deny-all}\nspec: {}',
  'replicaCount: 2\nimage: x',
];

describe('documents', () => {
  it.each(MISTAKES)('name the mistake: %s', (_name, yaml, expected) => {
    const path = join(folder, 'one.md');
    writeFileSync(path, fenced(yaml));
    const found = analyzed(path);
    expect(found.map(brief)).toEqual(expected);
    expect(found.every(({ fix }) => fix.length > 10)).toBe(true);
  });

  it.each(CORRECT)('find nothing wrong with %j', yaml => {
    const path = join(folder, 'correct.md');
    writeFileSync(path, fenced(yaml));
    expect(analyzed(path)).toEqual([]);
  });

  it('read here-documents, indented blocks, and what comes twice', () => {
    const route = (weight: number) =>
      `apiVersion: networking.istio.io/v1\nkind: VirtualService\nmetadata: {name: a}\nspec: {hosts: [a], http: [{route: [{destination: {host: a}, weight: ${weight}}], what: 1}]}`;
    const path = join(folder, 'notes.txt');
    const indented = route(3)
      .split('\n')
      .map(line => `   ${line}`)
      .join('\n');
    writeFileSync(
      path,
      `1. Apply it:\n\n   \`\`\`yaml\n${indented}\n   \`\`\`\n\n\`\`\`bash\nkubectl apply -f - <<EOF\n${route(
        4,
      )}\nEOF\n\`\`\`\n`,
    );
    expect(analyzed(path).map(brief)).toEqual([
      'MD0105 VirtualService a spec.http[0].what 7',
      'MD0105 VirtualService a spec.http[0].what 15',
    ]);
  });
});

const seeds = process.env.MESHDECK_SEEDS;
(seeds ? describe : describe.skip)(
  'documents of teams that run Istio (skipped unless MESHDECK_SEEDS names their folder)',
  () => {
    const found = seeds
      ? readdirSync(seeds)
          .sort()
          .map(name => [name, analyzed(join(seeds, name))] as const)
      : [];

    it.each(
      [
        'IST0101 IST0106 MD0101 MD0103 MD0105 MD0126 MD0114 MD0115 MD0116'.split(
          ' ',
        ),
        'MD0117 MD0118 MD0119 MD0120 MD0122 MD0123 MD0124 MD0125'.split(' '),
      ].flat(),
    )('have the mistake %s', code => {
      expect(found.flatMap(([, all]) => all.map(one => one.code))).toContain(
        code,
      );
    });

    it('each have at least one, every one with a line and a way to mend it', () => {
      for (const [, all] of found) {
        expect(all.length).toBeGreaterThan(0);
        expect(all.every(({ line, fix }) => line > 1 && fix)).toBe(true);
      }
    });
  },
);
