import type {
  SendAnswer,
  SendCommand,
} from '../../tools/real-mesh/src/AppClient';
import type {
  MeshHandle,
  PodHandle,
} from '../../tools/real-mesh/src/MeshHandle';
import { attachTestMesh } from '../../tools/real-mesh/src/testMesh';

const APP_PORT = 8080;
/** So many of a caller's requests are on their way at once. */
const AT_ONCE = 20;

function attach(): MeshHandle {
  const attached = attachTestMesh();
  if (!attached) {
    throw new Error(
      'No real mesh. Start these tests with `npm run e2e -- --real`, which opens the stage for them.',
    );
  }
  return attached;
}

/** The mesh below the portal. */
export const mesh = attach();

afterAll(() => mesh.close());

/** A workload that sends requests from inside its pod, through its proxy where it has one. */
export class Caller {
  static async of(namespace: string, app: string): Promise<Caller> {
    const pods = await mesh.untilReady(namespace, [app]);
    const own = pods.find(({ object }) => object.metadata.labels?.app === app);
    return new Caller(own!);
  }

  private constructor(readonly pod: PodHandle) {}

  /**
   * Sends one request to a Service.
   *
   * @param to - `auth-service.orion`
   */
  send(to: string, more: Partial<SendCommand> = {}): Promise<SendAnswer> {
    return this.pod.app.send({
      kind: 'http',
      address: to,
      port: APP_PORT,
      ...more,
      // Unless it is told, an app fails now and then as its profile says.
      headers: { 'x-answer': '200', ...more.headers },
    });
  }

  /** Sends the same request many times, and answers what came back each time. */
  async sendMany(
    count: number,
    to: string,
    more: Partial<SendCommand> = {},
    atOnce = AT_ONCE,
  ): Promise<SendAnswer[]> {
    const answers: SendAnswer[] = [];
    let begun = 0;
    const sendNext = async () => {
      while (begun < count) {
        begun += 1;
        answers.push(await this.send(to, more));
      }
    };
    await Promise.all(Array.from({ length: atOnce }, sendNext));
    return answers;
  }
}

/** The version of the app that answered; undefined where a proxy did. */
export function versionOf({ body }: SendAnswer): string | undefined {
  return body?.startsWith('{') ? JSON.parse(body).version : undefined;
}

/** The versions that answered, each once. */
export function versionsOf(answers: readonly SendAnswer[]): string[] {
  const seen = answers.map(versionOf).map(version => version ?? 'nobody');
  return [...new Set(seen)].sort();
}

/** What Prometheus says now: a value for each value of the label that is asked `by`. */
export async function valuesBy(
  label: string,
  query: string,
): Promise<Record<string, number>> {
  const asked = encodeURIComponent(`sum by (${label}) (${query})`);
  const response = await fetch(
    `${mesh.state.prometheusUrl}/api/v1/query?query=${asked}`,
  );
  const { data } = (await response.json()) as {
    data: { result: { metric: Record<string, string>; value: [0, string] }[] };
  };
  return Object.fromEntries(
    data.result.map(({ metric, value }) => [metric[label], Number(value[1])]),
  );
}
