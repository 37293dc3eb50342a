import { mkdtempSync, rmSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { DemoMesh, Fault, FAULTS, SourceName } from '@meshdeck/demo-mesh';
import { eventually } from './__testUtils__/eventually';
import {
  component,
  startDemoMesh,
  startPortal,
} from './__testUtils__/startPortal';

const DEADLINE_MS = 3000;
/** A busy machine may be late, a source must not make it so. */
const SLACK_MS = 2000;
const NAMED_WITHIN_MS = 15_000;
const PLACEMENT = '/placements/demo:orion:auth-service';

type Portal = Awaited<ReturnType<typeof startPortal>>;

/** Each source, the view that shows it, and what proves its part whole. */
const PARTS: Record<
  'kubernetes' | 'prometheus' | 'traces' | 'kiali',
  { source: SourceName; view: string; isWhole: (body: any) => boolean }
> = {
  kubernetes: {
    source: 'kubernetes',
    view: 'overview',
    isWhole: body => body.routes === 3 && body.workloads.length > 0,
  },
  prometheus: {
    source: 'prometheus',
    view: 'overview',
    isWhole: body => body.requestsPerSecond.value > 0,
  },
  traces: {
    source: 'jaeger',
    view: 'traces',
    isWhole: body => body.operations.length > 0,
  },
  kiali: {
    source: 'kiali',
    view: 'opinion',
    isWhole: body => body.health !== undefined,
  },
};
type Part = keyof typeof PARTS;
const ALL = Object.keys(PARTS) as Part[];

const folder = mkdtempSync(join(tmpdir(), 'meshdeck-ca-'));

function writeCa(pem: string): string {
  const file = join(folder, 'ca.pem');
  writeFileSync(file, pem);
  return file;
}

afterAll(() => rmSync(folder, { recursive: true }));

describe.each(ALL)('with a failing %s', failing => {
  let mesh: DemoMesh;
  let portal: Portal;

  async function open(urls: Partial<DemoMesh['urls']> = {}, ca?: string) {
    const at = { ...mesh.urls, ...urls };
    const caFile = ca && writeCa(ca);
    const withCa = (name: SourceName) =>
      name === PARTS[failing].source ? { caFile } : {};
    portal = await startPortal({
      mesh,
      entities: [
        component('auth-service', {
          'backstage.io/kubernetes-id': 'auth-service',
        }),
      ],
      clusters: { demo: { url: at.kubernetes, ca } },
      config: {
        deadlineMs: DEADLINE_MS,
        prometheus: { url: at.prometheus, ...withCa('prometheus') },
        tracing: { url: at.jaeger, ...withCa('jaeger') },
        kiali: { url: `${at.kiali}/kiali`, ...withCa('kiali') },
      },
    });
  }

  async function ask(part: Part) {
    const began = performance.now();
    const { status, body } = await portal.get(
      'auth-service',
      `${PLACEMENT}/${PARTS[part].view}`,
    );
    expect(performance.now() - began).toBeLessThan(DEADLINE_MS + SLACK_MS);
    return { status, body };
  }

  async function isWhole(part: Part) {
    const { status, body } = await ask(part);
    expect(status).toBe(200);
    expect(PARTS[part].isWhole(body)).toBe(true);
    return body;
  }

  /** Whole, and as the source says it now. */
  async function isWell(part: Part) {
    const { sources } = await isWhole(part);
    expect(sources).toContainEqual(
      expect.objectContaining({ id: part, status: 'ok' }),
    );
  }

  async function isNamed() {
    const { status, body } = await ask(failing);
    const message =
      status === 200
        ? body.sources.find(
            (source: any) => source.id === failing && source.status !== 'ok',
          )?.message
        : body.error.message;
    expect([200, 503]).toContain(status);
    expect(message).toMatch(/answer|reach|refuse|page|JSON|certificate|MB/);
    return status;
  }

  async function close() {
    portal.server.stop();
    await mesh.stop();
  }

  describe('of one portal', () => {
    beforeAll(async () => {
      mesh = await startDemoMesh();
      await open();
    });

    afterEach(() => mesh.setFault(PARTS[failing].source, undefined));

    afterAll(close);

    it.each(FAULTS.filter(fault => fault !== 'expired-certificate'))(
      '%s: named in time, the others whole, and well again afterwards',
      async fault => {
        await eventually(() => Promise.all(ALL.map(isWell)), NAMED_WITHIN_MS);
        await mesh.setFault(PARTS[failing].source, fault);
        await eventually(isNamed, NAMED_WITHIN_MS);
        for (const part of ALL.filter(other => other !== failing)) {
          await isWell(part);
        }
        // What was known of the cluster stays on the page.
        if (failing === 'kubernetes') {
          await isWhole('kubernetes');
        }
        await mesh.setFault(PARTS[failing].source, undefined);
        await eventually(() => isWell(failing), NAMED_WITHIN_MS);
        expect(mesh.faultOf(PARTS[failing].source)).toBeUndefined();
      },
    );
  });

  it('expired-certificate: named in time, and the others whole', async () => {
    const { source } = PARTS[failing];
    mesh = await startDemoMesh();
    await mesh.setFault(source, 'expired-certificate');
    await open(
      { [source]: mesh.urls[source].replace('http:', 'https:') },
      mesh.expiredCertificateOf(source),
    );
    try {
      await eventually(async () => {
        const { status, body } = await ask(failing);
        const text = JSON.stringify(body);
        expect([200, 503]).toContain(status);
        expect(text).toMatch(/certificate has expired/);
      }, NAMED_WITHIN_MS);
      if (failing !== 'kubernetes') {
        for (const part of ALL.filter(other => other !== failing)) {
          await eventually(() => isWell(part), NAMED_WITHIN_MS);
        }
      }
    } finally {
      await close();
    }
  });
});

it('knows 9 faults', () => {
  const kinds: readonly Fault[] = FAULTS;
  expect(kinds).toHaveLength(9);
});
