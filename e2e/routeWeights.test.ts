import { applyPreview, previewWeight, undoChange } from './changing';
import { eventually } from './eventually';
import { NAMESPACE, PLACE, SERVICE } from './intentCases';
import { versionsRow } from './pageParts';
import { DESKTOP, onPortal } from './portal';
import { call, KUBERNETES_URL } from './stage';
import { StoredObject } from './StoredObject';
import { settled, violations } from './violations';

const NEXT = `${SERVICE}-next`;
const SERVICES = `${KUBERNETES_URL}/api/v1/namespaces/${NAMESPACE}/services`;

const route = new StoredObject('HTTPRoute', NAMESPACE, SERVICE);

const backend = (name: string, weight: number, more: object = {}) => ({
  group: '',
  kind: 'Service',
  name,
  port: 8080,
  weight,
  ...more,
});

const spec = (stable: number, next: number) => ({
  parentRefs: [{ group: '', kind: 'Service', name: SERVICE, port: 8080 }],
  rules: [
    {
      backendRefs: [
        backend(SERVICE, stable, {
          filters: [
            {
              type: 'RequestHeaderModifier',
              requestHeaderModifier: {
                set: [{ name: 'x-from', value: 'old' }],
              },
            },
          ],
        }),
        backend(NEXT, next),
      ],
    },
  ],
});

describe('moving traffic by an HTTPRoute', () => {
  beforeAll(async () => {
    await call(`${SERVICES}/${NEXT}?fieldManager=kubectl&force=true`, {
      method: 'PATCH',
      headers: { 'Content-Type': 'application/apply-patch+yaml' },
      body: JSON.stringify({
        apiVersion: 'v1',
        kind: 'Service',
        metadata: {
          name: NEXT,
          namespace: NAMESPACE,
          annotations: { 'meshdeck.io/entity': `component:default/${SERVICE}` },
        },
        spec: {
          selector: { app: SERVICE },
          ports: [{ name: 'http', port: 8080, targetPort: 8080 }],
        },
      }),
    });
    await route.become(spec(90, 10));
  });

  afterAll(async () => {
    await route.become(undefined);
    await call(`${SERVICES}/${NEXT}`, { method: 'DELETE' });
  });

  onPortal('moves the weights between Services, and back', async portal => {
    await portal.visitComponent(SERVICE, 'canary', PLACE);
    const weights = () => versionsRow(portal, 'Weight').innerText();
    await eventually(async () =>
      expect(await weights()).toMatch(/90 %.*\s10 %/s),
    );
    await previewWeight(portal, 25, NEXT);
    await portal.photograph('weights of an HTTPRoute');
    expect(await applyPreview(portal, 'all is well')).toBe(
      `15 % of requests move from ${SERVICE} to ${NEXT}.`,
    );
    expect(await route.spec()).toEqual(spec(75, 25));
    await eventually(async () =>
      expect(await weights()).toMatch(/75 %.*\s25 %/s),
    );
    await portal.visit('/mesh?section=changes');
    const { page } = portal;
    const all = page.getByRole('table', { name: 'Changes' });
    await all.waitFor();
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      for (const width of [360, DESKTOP.width]) {
        await page.setViewportSize({ width, height: DESKTOP.height });
        expect(await settled(() => violations(portal, { part: all }))).toEqual(
          [],
        );
        await portal.photograph(`fleet changes made ${colorScheme} ${width}`);
      }
    }
    await page.emulateMedia({ colorScheme: 'light' });
    await all
      .getByRole('link', {
        name: `To undo on the page of ${SERVICE}: 15 % of requests move from ${SERVICE} to ${NEXT}.`,
      })
      .first()
      .click();
    await portal.section('Changes').waitFor();
    await undoChange(
      portal,
      `15 % of requests move from ${SERVICE} to ${NEXT}.`,
    );
    expect(await route.spec()).toEqual(spec(90, 10));
  });

  onPortal(
    'shows the Services of another team, and moves nothing',
    async portal => {
      await portal.visit(
        '/catalog/default/component/docuthinker-backend/mesh-canary',
      );
      await eventually(async () =>
        expect(await versionsRow(portal, 'Weight').innerText()).toMatch(
          /90 %.*\s10 %/s,
        ),
      );
      await portal.page
        .getByText(/^backend-canary gets 10 % beside backend/)
        .waitFor();
      await portal.page.getByText('You cannot move traffic here').waitFor();
    },
  );
});
