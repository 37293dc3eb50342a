import fc from 'fast-check';
import { junk } from './arbitrary';
import {
  duration,
  host,
  listOf,
  name,
  optional,
  optionalList,
  perhaps,
  port,
  some,
  spoilt,
  weight,
} from './routeParts';

const stringMatch = some({
  exact: perhaps(fc.constantFrom('/x', 'v')),
  prefix: perhaps(fc.constantFrom('/', '/x', 'v')),
  regex: perhaps(fc.constantFrom('.*', '/x.*', '(')),
});
const named = fc.dictionary(fc.constantFrom('h', 'q'), spoilt(stringMatch), {
  maxKeys: 2,
  noNullPrototype: true,
});

const destination = some({
  host: spoilt(host),
  subset: optional(fc.constantFrom('v1', 'v2')),
  port: spoilt(some({ number: spoilt(port) })),
});
const routed = listOf(
  some({ destination: spoilt(destination), weight: spoilt(weight) }),
);
const connectionRules = (match: Record<string, fc.Arbitrary<unknown>>) =>
  listOf(
    some({
      match: optionalList(some({ port: spoilt(port), ...match }), 2),
      route: routed,
    }),
  );

export const virtualService = some({
  hosts: listOf(host, 2),
  gateways: optionalList(fc.constantFrom('mesh', 'b', 'one/b'), 2),
  exportTo: optionalList(fc.constantFrom('*', '.', 'one', '~'), 2),
  http: listOf(
    some({
      match: optionalList(
        some({
          uri: spoilt(stringMatch),
          method: optional(stringMatch),
          headers: optional(named),
          withoutHeaders: optional(named),
          queryParams: optional(named),
          ignoreUriCase: spoilt(fc.boolean()),
          port: spoilt(port),
          sourceLabels: optional(fc.constant({ app: 'a' })),
        }),
        2,
      ),
      route: routed,
      delegate: optional(some({ name: spoilt(name) })),
      timeout: spoilt(duration),
      retries: spoilt(some({ attempts: spoilt(fc.nat(3)) })),
      fault: optional(
        some({ abort: spoilt(some({ httpStatus: spoilt(port) })) }),
      ),
      redirect: optional(some({ uri: spoilt(host) })),
      rewrite: spoilt(some({ uri: spoilt(host) })),
      mirror: optional(destination),
      mirrors: optionalList(some({ destination: spoilt(destination) })),
      corsPolicy: spoilt(some({ allowOrigins: listOf(stringMatch) })),
    }),
  ),
  tls: connectionRules({ sniHosts: listOf(host) }),
  tcp: connectionRules({ destinationSubnets: listOf(host) }),
});

export const istioGateway = some({
  servers: listOf(
    some({ hosts: listOf(host), port: spoilt(some({ number: spoilt(port) })) }),
  ),
});

export const sidecar = some({
  workloadSelector: optional(some({ labels: spoilt(junk) })),
  outboundTrafficPolicy: optional(some({ mode: spoilt(name) })),
  egress: listOf(
    some({
      port: spoilt(some({ number: spoilt(port) })),
      hosts: listOf(
        fc.constantFrom('*/*', './*', 'one/*', '~/*', '~one/a', 'two/*'),
      ),
    }),
  ),
});

export const service = some({
  selector: spoilt(fc.constant({ app: 'a' })),
  ports: listOf(
    some({
      name: spoilt(fc.constantFrom('http', 'tcp', 'tls')),
      port: spoilt(port),
    }),
  ),
});

export const destinationRule = some({
  host: spoilt(host),
  subsets: listOf(
    some({
      name: spoilt(fc.constantFrom('v1', 'v2')),
      labels: spoilt(fc.constant({ app: 'a' })),
    }),
  ),
  trafficPolicy: spoilt(
    some({
      outlierDetection: spoilt(fc.constant({})),
      loadBalancer: spoilt(
        some({
          localityLbSetting: spoilt(
            some({
              distribute: listOf(
                some({ from: spoilt(name), to: spoilt(junk) }),
              ),
              failover: listOf(some({ from: spoilt(name), to: spoilt(name) })),
              failoverPriority: listOf(name),
            }),
          ),
        }),
      ),
    }),
  ),
});
