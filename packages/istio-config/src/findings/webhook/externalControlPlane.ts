import type { KubeObject } from '../../kube/KubeObject';
import { itemsOf } from '../../kube/reading';
import { defineFinding } from '../Finding';

const SOURCE =
  'istio: pkg/config/analysis/analyzers/externalcontrolplane/externalcontrolplane.go';
const INPUTS = [
  'ValidatingWebhookConfiguration',
  'MutatingWebhookConfiguration',
];

interface Address {
  configuration: KubeObject;
  path: string;
  name: string;
  url?: string;
  host?: string;
  hasService: boolean;
}

/** The address of an external control plane is missing or unreadable. Whether its name resolves is not asked: no I/O. */
export const invalidControlPlaneAddress = defineFinding({
  code: 'IST0163',
  level: 'warning',
  inputs: INPUTS,
  source: SOURCE,
  *find(inputs) {
    for (const {
      configuration,
      path,
      name,
      url,
      host,
      hasService,
    } of addresses(Object.values(inputs).flat())) {
      if (url === undefined ? !hasService : !host) {
        yield {
          resource: configuration,
          path: `${path}.clientConfig.url`,
          message: `The webhook ${name} has ${
            url === undefined ? 'no address' : `the unreadable address ${url}`
          } for the control plane: it cannot be called.`,
          fix: 'Set clientConfig.url to https://HOST:PORT/… of the external control plane’s gateway.',
        };
      }
    }
  },
});

/** The address of an external control plane is an IP address, which its certificate seldom names. */
export const controlPlaneByAddress = defineFinding({
  code: 'IST0164',
  level: 'info',
  inputs: INPUTS,
  source: SOURCE,
  *find(inputs) {
    for (const { configuration, path, name, url, host } of addresses(
      Object.values(inputs).flat(),
    )) {
      if (host && isAddress(host)) {
        yield {
          resource: configuration,
          path: `${path}.clientConfig.url`,
          message: `The webhook ${name} calls the control plane by an IP address (${url}): certificates are made out to names.`,
          fix: 'Use a host name in production.',
        };
      }
    }
  },
});

function addresses(configurations: readonly KubeObject[]): Address[] {
  return configurations
    .filter(({ kind, metadata: { name } }) =>
      kind === 'MutatingWebhookConfiguration'
        ? name.startsWith('istio-sidecar-injector')
        : name === 'istiod-default-validator' ||
          name.startsWith('istio-validator'),
    )
    .flatMap(configuration =>
      itemsOf(configuration.webhooks).map((hook, index) => {
        const url: unknown = hook?.clientConfig?.url;
        return {
          configuration,
          path: `webhooks[${index}]`,
          name: String(hook?.name),
          hasService: Boolean(hook?.clientConfig?.service),
          ...(typeof url === 'string' ? { url, host: hostOf(url) } : {}),
        };
      }),
    );
}

function hostOf(url: string): string | undefined {
  try {
    return new URL(url).hostname || undefined;
  } catch {
    return undefined;
  }
}

function isAddress(host: string): boolean {
  return /^\d+\.\d+\.\d+\.\d+$/.test(host) || host.startsWith('[');
}
