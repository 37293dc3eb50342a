import { mkdtempSync, mkdirSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { analyze } from './analyze';

const ROUTE = `apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: a, namespace: one}
spec:
  hosts: [a]
  http:
    - route:
        - destination:
            host: nowhere
`;
/** A namespace of which the files show Services: another one that is not there is missing. */
const SERVICE = `apiVersion: v1
kind: Service
metadata: {name: b, namespace: one}
spec: {ports: [{name: http, port: 80}]}
`;
const ROUTE_TO_NOWHERE = `${ROUTE}---\n${SERVICE}`;
const RULE = `apiVersion: networking.istio.io/v1
kind: DestinationRule
metadata:
  name: a
spec:
  host: a.one.svc.cluster.local
  trafficPolicy:
    circuitBreaker: {maxConnections: 1}
`;

describe('meshdeck-analyze', () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'analyze-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const file = (name: string, text: string) => {
    writeFileSync(join(folder, name), text);
    return join(folder, name);
  };
  const run = (...args: string[]) => {
    let [out, error] = ['', ''];
    const code = analyze(args, {
      out: text => {
        out += text;
      },
      error: text => {
        error += text;
      },
    });
    return { code, out, error };
  };

  it('names file and line of each finding, and the resource as written', () => {
    const route = file(
      'route.yaml',
      `# first line\n${ROUTE}---\n${RULE.replace(
        '  name: a\n',
        '  name: a\n  namespace: one\n',
      )}---\n${SERVICE}`,
    );
    const { code, out } = run('--output', 'json', route);
    expect(code).toBe(1);
    expect(
      JSON.parse(out).map((finding: any) => [
        finding.code,
        finding.resource,
        finding.line,
      ]),
    ).toEqual([
      ['IST0101', 'VirtualService one/a', 10],
      ['MD0105', 'DestinationRule one/a', 20],
      ['IST0174', 'DestinationRule one/a', 18],
    ]);
  });

  it('reads folders, and passes over what is no object there', () => {
    mkdirSync(join(folder, 'deep'));
    file('deep/route.yml', ROUTE_TO_NOWHERE);
    file('values.yaml', 'replicas: 2');
    expect(run(folder).out).toContain('route.yml:9: error IST0101');
  });

  it.each([
    ['error', 1],
    ['warning', 1],
    ['info', 1],
  ])('fails on %s', (level, code) => {
    expect(run('--fail-on', level, file('a.yaml', ROUTE_TO_NOWHERE)).code).toBe(
      code,
    );
  });

  it('gives what it finds in the other files where one cannot be read', () => {
    file('bad.yaml', 'kind: [');
    file('good.yaml', ROUTE_TO_NOWHERE);
    const { code, out, error } = run(folder);
    expect(code).toBe(2);
    expect(out).toContain('good.yaml:9: error IST0101');
    expect(error).toContain('bad.yaml:1');
    expect(
      run(join(folder, 'bad.yaml'), join(folder, 'good.yaml')),
    ).toMatchObject({ code: 2, out: expect.stringContaining('IST0101') });
  });

  it('passes where nothing of the level is found', () => {
    const path = file(
      'ns.yaml',
      'apiVersion: v1\nkind: Namespace\nmetadata: {name: a, uid: x}\n',
    );
    expect(run(path)).toMatchObject({
      code: 0,
      out: expect.stringMatching(
        /IST0102[^]*0 errors, 0 warnings, 1 note\.\n$/,
      ),
    });
    expect(run('--fail-on', 'info', path).code).toBe(1);
  });

  it('puts objects without a namespace where it is told', () => {
    const path = file(
      'rule.yaml',
      `${RULE}---\n${SERVICE}---\n${SERVICE.replace(
        'name: b, namespace: one',
        'name: a, namespace: two',
      )}`,
    );
    const { out } = run('--output=json', '--namespace', 'one', path);
    expect(JSON.parse(out).map((finding: any) => finding.resource)).toEqual([
      'DestinationRule a',
      'DestinationRule a',
    ]);
  });

  it('reads the mesh’s configuration and networks', () => {
    const path = file(
      'logs.yaml',
      'apiVersion: telemetry.istio.io/v1\nkind: Telemetry\nmetadata: {name: a, namespace: one}\nspec: {accessLogging: [{}]}\n',
    );
    const config = file('mesh.yaml', 'defaultProviders: {accessLogging: [x]}');
    const networks = file(
      'networks.yaml',
      'networks:\n  n:\n    endpoints:\n      - fromRegistry: unknown\n',
    );
    expect(run(path).out).toContain('IST0157');
    expect(run('--mesh-config', config, path).out).not.toContain('IST0157');
    expect(run('--mesh-networks', networks, path).out).toContain(
      'networks.yaml:4: error IST0126 MeshNetworks',
    );
  });

  it('writes for GitHub and as SARIF', () => {
    const path = file('a,b.yaml', ROUTE_TO_NOWHERE);
    expect(run('--output', 'github', path).out).toMatch(
      /^::error file=.*a%2Cb\.yaml,line=9,title=IST0101 VirtualService one\/a::/,
    );
    const sarif = JSON.parse(run('--output', 'sarif', path).out);
    expect(sarif).toMatchObject({ version: '2.1.0' });
    expect(sarif.runs[0].results[0]).toMatchObject({
      ruleId: 'IST0101',
      level: 'error',
      locations: [{ physicalLocation: { region: { startLine: 9 } } }],
    });
  });

  it.each([
    ['no argument', [], 'meshdeck-analyze [options]'],
    ['an unknown option', ['--what'], 'there is no option --what'],
    ['an unknown format', ['--output', 'xml'], '--output needs one of'],
    ['a file that is not there', ['/nowhere.yaml'], 'there is no such file'],
  ])('exits with 2 on %s', (_name, args, problem) => {
    expect(run(...args)).toMatchObject({
      code: 2,
      error: expect.stringContaining(problem),
    });
  });

  const bomb = [
    'a0: &a0 [x, x, x, x, x, x, x, x, x]',
    ...Array.from(
      { length: 9 },
      (_unused, level) =>
        `a${level + 1}: &a${level + 1} [${Array(9)
          .fill(`*a${level}`)
          .join(', ')}]`,
    ),
  ].join('\n');

  it.each([
    ['a syntax error', 'apiVersion: v1\nkind: [', ':2'],
    ['an alias bomb', bomb, 'alias'],
    ['deep nesting', '['.repeat(200_000), ':1'],
    ['no object', 'replicas: 2', 'no apiVersion'],
    ['a very long file', ' '.repeat(33 * 1024 * 1024), '32 MB'],
    ['an empty file', '', ':1: there is no object'],
    ['nothing but comments', '# later\n---\n', ':1: there is no object'],
    ['a binary file', 'PK\u0003\u0004\0\0', ':1: this is no text file'],
    [
      'tabs for indentation',
      'apiVersion: v1\nkind: Pod\nmetadata:\n\tname: a',
      ':4',
    ],
    [
      'a value of a template',
      'apiVersion: v1\nkind: Pod\nmetadata: {name: {{ .Values.a }}}',
      ':3: this is a template',
    ],
    [
      'a condition of a template',
      '{{- if .Values.a }}\nkind: Pod\n{{- end }}',
      ':1: this is a template',
    ],
  ])('exits with 2, file and reason on %s', (_name, text, problem) => {
    const started = Date.now();
    const { code, error } = run(file('bad.yaml', text));
    expect(code).toBe(2);
    expect(error).toContain('bad.yaml');
    expect(error).toContain(problem);
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  it('reads a byte order mark, Windows line ends, lists in lists, and JSON', () => {
    const rule = (name: string) => ({
      apiVersion: 'networking.istio.io/v1',
      kind: 'DestinationRule',
      metadata: { name, namespace: 'one' },
      spec: { host: '*.example.com', wrong: 1 },
    });
    const found = (text: string) =>
      JSON.parse(run('--json', file('any.yaml', text)).out).map(
        ({ code, resource, line }: any) => [code, resource, line],
      );
    expect(
      found(
        `\uFEFF${RULE.replace(
          'host: a.one.svc.cluster.local',
          "host: '*.a'",
        ).replaceAll('\n', '\r\n')}`,
      ),
    ).toEqual([['MD0105', 'DestinationRule a', 8]]);
    const lists = JSON.stringify(
      {
        apiVersion: 'v1',
        kind: 'List',
        items: [
          rule('a'),
          { apiVersion: 'v1', kind: 'List', items: [rule('b')] },
        ],
      },
      undefined,
      1,
    );
    expect(found(lists)).toEqual([
      ['MD0105', 'DestinationRule one/a', 14],
      ['MD0105', 'DestinationRule one/b', 30],
    ]);
  });

  it('says of an object that is none why it is none', () => {
    const { out } = run(
      '--json',
      file(
        'none.yaml',
        `apiVersion: v1\nkind: Pod\nmetadata: {name: 5}\n---\n${ROUTE.replace(
          'namespace: one',
          'namespace: 7',
        )}---\napiVersion: v1\nkind: Service\nmetadata: {name: a, labels: [x]}\n---\nkind: __proto__\napiVersion: __proto__\nmetadata: {name: __proto__, namespace: __proto__}\n`,
      ),
    );
    expect(
      JSON.parse(out).map(({ code, resource, path, line }: any) => [
        code,
        resource,
        path,
        line,
      ]),
    ).toEqual([
      ['IST0106', 'Pod', 'metadata.name', 3],
      ['IST0106', 'VirtualService 7/a', 'metadata.namespace', 7],
      ['IST0106', 'Service a', 'metadata.labels', 17],
    ]);
  });

  it('reads many documents in a time that grows with their number', () => {
    const text = (count: number) =>
      Array.from(
        { length: count },
        (_unused, index) =>
          `---\napiVersion: v1\nkind: Service\nmetadata: {name: s${index}, namespace: n}\nspec: {ports: [{name: http, port: 80}]}\n`,
      ).join('');
    const started = Date.now();
    expect(run(file('many.yaml', text(5000))).out).toBe('No findings.\n');
    expect(Date.now() - started).toBeLessThan(20_000);
  });

  it('answers at once on hostile objects', () => {
    const delegate = (name: string, next: string) => `---
apiVersion: networking.istio.io/v1
kind: VirtualService
metadata: {name: ${name}, namespace: one, labels: {__proto__: x, constructor: y}}
spec:
  hosts: [${name}]
  http:
    - match: [{uri: {regex: "(a+)+$"}}, {uri: {regex: "(a"}}]
      delegate: {name: ${next}}
`;
    const { code, out } = run(
      '--output',
      'json',
      file('hostile.yaml', delegate('a', 'b') + delegate('b', 'a')),
    );
    expect(code).toBe(1);
    expect(JSON.parse(out)).toEqual(
      expect.arrayContaining([
        expect.objectContaining({
          code: 'IST0106',
          path: 'spec.http[0].match[1].uri.regex',
          line: 8,
        }),
        expect.objectContaining({ code: 'MD0112' }),
      ]),
    );
  });
});
