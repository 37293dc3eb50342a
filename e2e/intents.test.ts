import type { Locator } from 'playwright-core';
import {
  applyPreview,
  consentTo,
  editRule,
  fillForm,
  previewOf,
  sentenceOf,
  undoChange,
} from './changing';
import {
  INTENT_CASES,
  type IntentCase,
  intentCase,
  NAMESPACE,
  PLACE,
  SERVICE,
} from './intentCases';
import { onPortal, type Portal, type Tab } from './portal';
import { type ChangedKind, StoredObject } from './StoredObject';
import { settled, violations } from './violations';

/** What axe finds in a dialog, once it has come up. */
const inDialog = (portal: Portal, part: Locator) =>
  settled(() => violations(portal, { part }));

async function leave(
  { page }: Portal,
  dialog: Locator,
  button = 'Cancel',
): Promise<void> {
  await dialog
    .getByRole('button', { name: button, exact: true })
    .last()
    .click();
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

const pressPreview = (form: Locator | undefined) =>
  form?.getByRole('button', { name: 'Preview' }).click();

/** Opens the preview of a case, and answers what axe finds on the way. */
async function preview(portal: Portal, { open }: IntentCase) {
  const form = await open(portal);
  const found = form ? await inDialog(portal, form) : [];
  await pressPreview(form);
  const dialog = await previewOf(portal);
  return { dialog, found: [...found, ...(await inDialog(portal, dialog))] };
}

/** Lets a test change an object, which is afterwards what it was, also where the test failed. */
async function changing(
  kind: ChangedKind,
  name: string,
  body: (object: StoredObject, before: object | undefined) => Promise<void>,
): Promise<void> {
  const object = new StoredObject(kind, NAMESPACE, name);
  const before = await object.spec();
  try {
    await body(object, before);
  } finally {
    await object.become(before);
  }
}

function applyAndUndo(
  portal: Portal,
  { kind, name = SERVICE, spec }: NonNullable<IntentCase['makes']>,
): Promise<void> {
  return changing(kind, name, async (object, before) => {
    const sentence = await applyPreview(portal, 'to see whether it works');
    const after = await object.spec();
    expect(after).toEqual(spec && expect.objectContaining(spec));
    expect(after).not.toEqual(before);
    await undoChange(portal, sentence);
    expect(await object.spec()).toEqual(before);
  });
}

/** Opens tabs of the service, each only where it is not open already. */
function tabsOf(portal: Portal): (tab: Tab) => Promise<void> {
  let opened: Tab | undefined;
  return async tab => {
    if (tab !== opened) await portal.visitComponent(SERVICE, tab, PLACE);
    opened = tab;
  };
}

describe('what can be wanted of a service', () => {
  for (const [tab, cases = []] of Object.entries(INTENT_CASES)) {
    onPortal(
      `each form of its tab ${tab}: previewed, free of what axe finds, and where it is applied, taken back`,
      async portal => {
        await portal.visitComponent(SERVICE, tab as Tab, PLACE);
        const found: Record<string, string[]> = {};
        for (const each of cases) {
          const seen = await preview(portal, each);
          expect(await sentenceOf(seen.dialog)).toMatch(each.sentence);
          if (seen.found.length) found[each.title] = seen.found;
          if (each.makes) await applyAndUndo(portal, each.makes);
          else await leave(portal, seen.dialog);
        }
        expect(found).toEqual({});
      },
      180,
    );
  }

  const conflicts: {
    tab: Tab;
    title: string;
    kind: ChangedKind;
    /** What a colleague makes of the object after the preview. */
    meanwhile: (spec: object | undefined) => object;
    shows: string;
  }[] = [
    {
      tab: 'routes',
      title: 'Circuit breaker: this service',
      kind: 'DestinationRule',
      meanwhile: spec => ({ ...spec, exportTo: ['.'] }),
      shows: 'exportTo:',
    },
    {
      tab: 'routes',
      title: 'Delete…',
      kind: 'VirtualService',
      meanwhile: spec => ({ ...spec, exportTo: ['.'] }),
      shows: 'exportTo:',
    },
    {
      tab: 'security',
      title: 'mTLS mode: this service',
      kind: 'PeerAuthentication',
      meanwhile: () => ({
        selector: { matchLabels: { app: SERVICE } },
        mtls: { mode: 'PERMISSIVE' },
      }),
      shows: 'mode: PERMISSIVE',
    },
  ];
  onPortal(
    'writes nothing where a colleague was faster, and shows what they did',
    async portal => {
      portal.provokes(/409/);
      const open = tabsOf(portal);
      for (const { tab, title, kind, meanwhile, shows } of conflicts) {
        await open(tab);
        await changing(kind, SERVICE, async (object, before) => {
          await pressPreview(await intentCase(tab, title).open(portal));
          const seen = await previewOf(portal);
          await object.become(meanwhile(before));
          await consentTo(seen);
          await seen.getByRole('button', { name: 'Apply' }).click();
          const conflict = portal.page.getByRole('dialog', {
            name: 'Somebody else changed it first',
          });
          await conflict.getByText(shows).first().waitFor();
          expect(await object.spec()).toEqual(meanwhile(before));
          expect(await inDialog(portal, conflict)).toEqual([]);
          await portal.photographWindow(`conflict ${title}`);
          await leave(portal, conflict, 'Close');
        });
      }
    },
    90,
  );

  const refusals: {
    tab: Tab;
    of: string;
    open(portal: Portal): Promise<Locator>;
    because: RegExp;
  }[] = [
    {
      tab: 'security',
      of: 'a caller who is let in where everybody is',
      open: portal =>
        fillForm(portal, 'Allow a caller: this service', {
          texts: {
            'Identity, as': 'cluster.local/ns/orion-staging/sa/gateway-service',
          },
        }),
      because: /Everybody may call auth-service/,
    },
    {
      tab: 'traces',
      of: '101 %',
      open: portal =>
        fillForm(portal, 'Trace sampling: this service', {
          texts: { 'Per cent': '101' },
        }),
      because: /from 0 to 100/,
    },
    {
      tab: 'routes',
      of: 'a fault of more than an hour',
      open: portal =>
        fillForm(portal, 'Fault for a time: rule 1', {
          texts: { 'Ends by itself after minutes': '61' },
        }),
      because: /ends after 1 s to 1 h/,
    },
    {
      tab: 'routes',
      of: 'text that is no YAML',
      open: portal => editRule(portal, 'spec:', 'spec: ['),
      because: /This is no YAML/,
    },
  ];
  onPortal(
    'refuses what cannot be, and says why',
    async portal => {
      portal.provokes(/400/);
      const openTab = tabsOf(portal);
      for (const { tab, of, open, because } of refusals) {
        await openTab(tab);
        await pressPreview(await open(portal));
        const refusal = portal.page.getByRole('dialog', { name: 'No preview' });
        await refusal.getByText(because).first().waitFor();
        expect(await inDialog(portal, refusal)).toEqual([]);
        await portal.photographWindow(`refusal of ${of}`);
        await leave(portal, refusal, 'Close');
      }
    },
    90,
  );

  onPortal('does not let a subset in that is not there', async portal => {
    await portal.visitComponent(SERVICE, 'routes', PLACE);
    await pressPreview(
      await editRule(portal, 'subset: stable', 'subset: blue'),
    );
    const seen = portal.page.getByRole('dialog', {
      name: 'Preview of the change',
    });
    await seen.getByText('This would bring 1 new finding').waitFor();
    await seen
      .getByText(/defines the subset blue/)
      .first()
      .waitFor();
    const apply = seen.getByRole('button', { name: 'Apply' });
    expect(await apply.isDisabled()).toBe(true);
    await portal.photographWindow('preview with a finding');
    await leave(portal, seen);
  });
});
