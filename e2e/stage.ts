/** The stage that the tests play on: see scripts/e2e.cjs, which opens it and says where it is. */

function variable(name: string): string {
  const value = process.env[name];
  if (!value) {
    throw new Error(
      `${name} is not set. Start the browser tests with \`npm run e2e\`, which opens the stage for them.`,
    );
  }
  return value;
}

/** Where the portal is. */
export const PORTAL_URL = variable('MESHDECK_URL');

/** The browser. */
export const CHROMIUM = variable('CHROMIUM');

/** Where it keeps its cache. */
export const PROFILE = variable('MESHDECK_BROWSER_PROFILE');

/** Screenshots go here. */
export const RESULTS = variable('MESHDECK_E2E_RESULTS');

/** The demo mesh's API server, past the portal. */
export const KUBERNETES_URL = `http://127.0.0.1:${variable(
  'MESHDECK_DEMO_PORT_KUBERNETES',
)}`;
const CONTROL_URL = `http://127.0.0.1:${variable(
  'MESHDECK_DEMO_PORT_CONTROL',
)}`;

/** Asks one of the stage's servers. @throws where it answers with an error. */
export async function call<T>(
  url: string,
  options: RequestInit = {},
): Promise<T> {
  const response = await fetch(url, {
    ...options,
    // A server that was taken away leaves connections that look well.
    headers: { ...options.headers, Connection: 'close' },
    signal: AbortSignal.timeout(10_000),
  });
  if (!response.ok) {
    throw new Error(
      `${url} answered ${response.status}: ${await response.text()}`,
    );
  }
  return response.json();
}

/** Takes the Kubernetes API away. */
export async function stopKubernetes(): Promise<void> {
  await call(`${CONTROL_URL}/kubernetes/stop`, { method: 'POST' });
}

/** Gives it back; does nothing where it is there. */
export async function startKubernetes(): Promise<void> {
  await call(`${CONTROL_URL}/kubernetes/start`, { method: 'POST' });
}

/** Lets a source refuse connections. */
export async function stopSource(source: 'prometheus'): Promise<void> {
  await call(`${CONTROL_URL}/faults/${source}`, {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ kind: 'refused' }),
  });
}

/** Mends it; does nothing where it is well. */
export async function mendSource(source: 'prometheus'): Promise<void> {
  await call(`${CONTROL_URL}/faults/${source}`, { method: 'DELETE' });
}

/** What of a VirtualService the tests look at. */
interface VirtualServiceObject {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace: string;
    managedFields: { manager: string }[];
  };
  spec: { http: { timeout?: string; route: { weight: number }[] }[] };
}

/** A VirtualService, reached past the portal, as a colleague with kubectl does. */
export class VirtualService {
  private readonly url: string;
  private original?: VirtualServiceObject;

  constructor(namespace: string, name: string) {
    this.url = `${KUBERNETES_URL}/apis/networking.istio.io/v1/namespaces/${namespace}/virtualservices/${name}`;
  }

  async read(): Promise<VirtualServiceObject> {
    return call(this.url);
  }

  /** Weights of one rule, in the order of its destinations. */
  async weights(rule: number): Promise<number[]> {
    const { spec } = await this.read();
    return spec.http[rule].route.map(({ weight }) => weight);
  }

  async timeout(rule: number): Promise<string | undefined> {
    const { spec } = await this.read();
    return spec.http[rule].timeout;
  }

  async setTimeout(rule: number, timeout: string): Promise<void> {
    await call(`${this.url}?fieldManager=colleague`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/json-patch+json' },
      body: JSON.stringify([
        { op: 'replace', path: `/spec/http/${rule}/timeout`, value: timeout },
      ]),
    });
  }

  /** Keeps what is there now, for `restore`. */
  async remember(): Promise<void> {
    this.original = await this.read();
  }

  /** As it was, and owned by whom it was. */
  async restore(): Promise<void> {
    if (!this.original) {
      return;
    }
    const { apiVersion, kind, metadata, spec } = this.original;
    const [owner] = metadata.managedFields;
    await call(`${this.url}?fieldManager=${owner.manager}&force=true`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/apply-patch+yaml' },
      body: JSON.stringify({
        apiVersion,
        kind,
        metadata: { name: metadata.name, namespace: metadata.namespace },
        spec,
      }),
    });
  }
}

/** A DestinationRule, reached past the portal. */
export class DestinationRule {
  private readonly url: string;
  private original?: object;

  constructor(namespace: string, name: string) {
    this.url = `${KUBERNETES_URL}/apis/networking.istio.io/v1/namespaces/${namespace}/destinationrules/${name}`;
  }

  /** When a pod is ejected. */
  async outlierDetection(): Promise<Record<string, unknown>> {
    const { spec } = await this.read();
    return spec.trafficPolicy.outlierDetection;
  }

  /** Keeps what is there now, for `restore`. */
  async remember(): Promise<void> {
    const { spec } = await this.read();
    this.original = spec;
  }

  async restore(): Promise<void> {
    if (this.original) {
      await call(`${this.url}?fieldManager=kubectl`, {
        method: 'PATCH',
        headers: { 'Content-Type': 'application/json-patch+json' },
        body: JSON.stringify([
          { op: 'replace', path: '/spec', value: this.original },
        ]),
      });
    }
  }

  private read(): Promise<{
    spec: { trafficPolicy: { outlierDetection: Record<string, unknown> } };
  }> {
    return call(this.url);
  }
}
