import { deployment } from '../__fixtures__/orion';
import { setFromYaml } from '../setFromYaml';
import { findWorkload } from '../workloads/workloads';
import { foretellCall } from './foretellCall';
import type { CallOutcome } from './types';

const object = (kind: string, id: string, spec: string, more = '') => `
apiVersion: networking.istio.io/v1
kind: ${kind}
metadata: {name: ${id.split('/')[1]}, namespace: ${id.split('/')[0]}${more}}
spec: ${spec}
---`;

/** A ServiceEntry for `x.test`; of the years the first is the oldest. */
const entry = (
  id: string,
  port: number,
  { year = 2024, host = 'x.test', more = '' } = {},
) =>
  object(
    'ServiceEntry',
    id,
    `{hosts: ["${host}"], resolution: STATIC, endpoints: [{address: 10.9.9.9, labels: {version: v1}}], ports: [{number: ${port}, name: http-${port}, protocol: HTTP}]${more}}`,
    `, creationTimestamp: "${year}-01-01T00:00:00Z"`,
  );

/** It has a host of another name in each listener, so that the proxy looks at requests on both ports. */
const BESIDE = object(
  'ServiceEntry',
  'base/base',
  '{hosts: [base.test], ports: [{number: 80, name: http, protocol: HTTP}, {number: 81, name: http-81, protocol: HTTP}]}',
);
const listener = (hosts: string, port?: number) => {
  const list = [...hosts.split(', '), 'base/base.test'].map(
    host => `"${host}"`,
  );
  const own = port ? `port: {number: ${port}, protocol: HTTP, name: p}, ` : '';
  return `{${own}hosts: [${list}]}`;
};
const sidecar = (...listeners: string[]) =>
  object(
    'Sidecar',
    'nova/own',
    `{outboundTrafficPolicy: {mode: REGISTRY_ONLY}, egress: [${listeners}]}`,
  );

const rule = (id: string, hosts: string, destination: string) =>
  object(
    'VirtualService',
    id,
    `{hosts: ["${hosts}"], http: [{route: [{destination: {host: ${destination}}}]}]}`,
  );
const subsets = (id: string, name: string) =>
  object(
    'DestinationRule',
    id,
    `{host: x.test, subsets: [{name: ${name}, labels: {version: v1}}]}`,
  );

const ALIKE = entry('nova/own', 81) + entry('first/theirs', 80);
const OTHERS =
  entry('first/old', 80, { year: 2020 }) + entry('second/young', 81);

const ask = (objects: string, asked: string, gateway = false) => {
  const set = setFromYaml(
    `${deployment('client', { namespace: 'nova' })}
${deployment('edge', { namespace: 'nova' })}
${BESIDE}${objects}`,
  );
  const [host, port] = asked.split(':');
  const [outcome] = foretellCall(set, {
    protocol: 'http',
    from: findWorkload(set, 'nova', 'client')!,
    ...(gateway
      ? {
          gateway: {
            name: 'nova/web',
            workload: findWorkload(set, 'nova', 'edge')!,
          },
        }
      : {}),
    host,
    port: Number(port),
    path: '/',
  });
  return outcome;
};
const endOf = (outcome: CallOutcome) =>
  outcome.type === 'answered' ? outcome.status : outcome.type;

describe('ServiceEntries of one host, of which the caller’s Sidecar imports some', () => {
  it.each<[string, string, string, string | number]>([
    [
      'the caller’s own does not count where it is left out',
      ALIKE + sidecar(listener('first/*')),
      'x.test:80',
      'leaves',
    ],
    [
      '… nor are its ports there',
      ALIKE + sidecar(listener('first/*')),
      'x.test:81',
      502,
    ],
    [
      '… and counts where both are imported',
      ALIKE + sidecar(listener('*/*')),
      'x.test:80',
      502,
    ],
    [
      'the oldest does not count where it is left out',
      OTHERS + sidecar(listener('second/*')),
      'x.test:81',
      'leaves',
    ],
    [
      '… by an exclusion, too',
      OTHERS + sidecar(listener('*/*, ~first/x.test')),
      'x.test:81',
      'leaves',
    ],
    [
      'nobody has the host where all are left out',
      OTHERS + sidecar(listener('third/*')),
      'x.test:80',
      502,
    ],
    [
      'a wildcard is not imported by the name of a host that it covers',
      entry('first/all', 80, { host: '*.test' }) +
        sidecar(listener('first/x.test')),
      'x.test:80',
      502,
    ],
    [
      '… and has the host where the exact one is left out',
      entry('nova/own', 81) +
        entry('first/all', 80, { host: '*.test' }) +
        sidecar(listener('first/*')),
      'x.test:80',
      'leaves',
    ],
    [
      'of exact hosts in named namespaces the oldest of a namespace counts alone',
      entry('first/old', 80, { year: 2020 }) +
        entry('first/young', 81) +
        sidecar(listener('first/x.test')),
      'x.test:81',
      502,
    ],
    [
      '… even where the caller does not see it',
      entry('first/old', 80, { year: 2020, more: ', exportTo: ["."]' }) +
        entry('first/young', 81) +
        sidecar(listener('first/x.test')),
      'x.test:81',
      502,
    ],
    [
      '… and of those the oldest, whomever they are exported to',
      entry('first/old', 80, { year: 2020 }) +
        entry('second/young', 81, { more: ', exportTo: [nova]' }) +
        sidecar(listener('first/x.test, second/x.test')),
      'x.test:80',
      'leaves',
    ],
    [
      '… while by a wildcard what is exported by name comes first',
      entry('first/old', 80, { year: 2020 }) +
        entry('second/young', 81, { more: ', exportTo: [nova]' }) +
        sidecar(listener('*/x.test')),
      'x.test:80',
      502,
    ],
    [
      'a listener with a port chooses among those that have it',
      ALIKE + sidecar(listener('*/*', 80)),
      'x.test:80',
      'leaves',
    ],
    [
      '… and where another listener brought another namespace’s before, nobody is behind it',
      ALIKE + sidecar(listener('nova/*', 81), listener('first/*')),
      'x.test:80',
      503,
    ],
    [
      '… but what several listeners bring of one namespace is put together',
      entry('first/old', 80, { year: 2020 }) +
        entry('first/young', 81) +
        sidecar(listener('first/*', 81), listener('first/*')),
      'x.test:80',
      'leaves',
    ],
    [
      'of one second that of the first namespace counts, whatever their names',
      entry('second/a', 80) + entry('first/b', 81) + sidecar(listener('*/*')),
      'x.test:81',
      'leaves',
    ],
    [
      'a rule leads to what is imported',
      OTHERS +
        rule('nova/way', 'way.test', 'x.test, port: {number: 81}') +
        sidecar(listener('second/*, nova/*')),
      'way.test:80',
      'leaves',
    ],
    [
      '… and to no port of what is not',
      OTHERS +
        rule('nova/way', 'way.test', 'x.test, port: {number: 80}') +
        sidecar(listener('second/*, nova/*')),
      'way.test:80',
      503,
    ],
    [
      'where none is imported a rule brings the oldest that the caller sees',
      OTHERS +
        entry('second/all', 80, { host: 'more.test' }) +
        rule('nova/way', 'more.test', 'x.test, port: {number: 80}') +
        sidecar(listener('nova/*, second/more.test')),
      'more.test:80',
      'leaves',
    ],
    [
      '… and with it the port that it names alone',
      OTHERS +
        entry('second/all', 80, { host: 'more.test' }) +
        rule('nova/way', 'more.test', 'x.test, port: {number: 81}') +
        sidecar(listener('nova/*, second/more.test')),
      'more.test:80',
      503,
    ],
    [
      'subsets are those of the namespace that counts',
      OTHERS +
        subsets('second/rule', 'one') +
        rule('nova/way', 'x.test', 'x.test, subset: one') +
        sidecar(listener('second/*, nova/*')),
      'x.test:81',
      'leaves',
    ],
    [
      '… and not those of one that is left out',
      OTHERS +
        subsets('first/rule', 'one') +
        rule('nova/way', 'x.test', 'x.test, subset: one') +
        sidecar(listener('second/*, nova/*')),
      'x.test:81',
      503,
    ],
  ])('%s', (_, objects, asked, expected) => {
    expect(endOf(ask(objects, asked))).toBe(expected);
  });
});

describe('why a rule leads to nobody', () => {
  const way = (destination: string) =>
    OTHERS + rule('nova/way', 'way.test', destination);

  it.each<[string, string, string]>([
    [
      'its port is left out',
      way('x.test, port: {number: 80}') + sidecar(listener('second/*, nova/*')),
      'the Sidecar of the caller leaves out port 80 of x.test',
    ],
    [
      'nobody has the port',
      way('x.test, port: {number: 99}') + sidecar(listener('second/*, nova/*')),
      'x.test has no port 99',
    ],
  ])('%s', (_, objects, why) => {
    expect(ask(objects, 'way.test:80')).toMatchObject({ status: 503, why });
  });
});

describe('ServiceEntries of one host at a gateway', () => {
  const GATEWAY = object(
    'Gateway',
    'nova/web',
    '{selector: {app: edge}, servers: [{port: {number: 80, name: http, protocol: HTTP}, hosts: ["*"]}]}',
  );
  const way = (port: number) =>
    object(
      'VirtualService',
      'nova/way',
      `{hosts: [way.test], gateways: [web], http: [{route: [{destination: {host: x.test, port: {number: ${port}}}}]}]}`,
    );
  const OLDER =
    GATEWAY + entry('nova/own', 81) + entry('first/old', 80, { year: 2020 });

  it.each<[string, number, string | number]>([
    ['the oldest counts, though its own namespace has one', 80, 'leaves'],
    ['… which does not', 81, 503],
  ])('%s', (_, port, expected) => {
    const outcome = ask(OLDER + way(port), 'way.test:80', true);
    expect(endOf(outcome)).toBe(expected);
  });

  /** Of the name, wherever it is; `ports` of the ServiceEntry beside the rule. */
  const beside = (
    namespace: string,
    { ports, more = '' }: { ports: number[]; more?: string },
  ) =>
    object(
      'ServiceEntry',
      `${namespace}/beside`,
      `{hosts: [x.test], resolution: STATIC, endpoints: [{address: 10.9.9.9}]${more}, ports: [${ports
        .map(port => `{number: ${port}, name: http-${port}, protocol: HTTP}`)
        .join()}]}`,
      ', creationTimestamp: "2024-01-01T00:00:00Z"',
    );
  const unnamed = (namespace: string) =>
    object(
      'VirtualService',
      `${namespace}/way`,
      '{hosts: [way.test], gateways: [nova/web], http: [{route: [{destination: {host: x.test}}]}]}',
    );
  const FIRST =
    GATEWAY + entry('first/old', 7070, { year: 2020 }) + unnamed('second');

  it.each<[string, string, string | number]>([
    ['the only port of the oldest is taken', FIRST, 'leaves'],
    [
      'the ServiceEntry beside the rule says which: with two ports none, and so the port that is asked',
      FIRST + beside('second', { ports: [81, 7070] }),
      503,
    ],
    [
      '… with one port that, which the oldest does not have',
      FIRST + beside('second', { ports: [81] }),
      503,
    ],
    [
      '… which the oldest has, too',
      FIRST + beside('second', { ports: [7070] }),
      'leaves',
    ],
    [
      '… and nothing where the gateway does not see it',
      FIRST + beside('second', { ports: [81], more: ', exportTo: ["."]' }),
      'leaves',
    ],
    [
      'one beside another rule says nothing',
      FIRST + beside('third', { ports: [81, 7070] }),
      'leaves',
    ],
  ])('where a rule names no port, %s', (_, objects, expected) => {
    expect(endOf(ask(objects, 'way.test:80', true))).toBe(expected);
  });
});
