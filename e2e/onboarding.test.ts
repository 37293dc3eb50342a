import type { Locator } from 'playwright-core';
import { applyPreview, previewOf } from './changing';
import { eventually, report } from './eventually';
import { onPortal, type Portal } from './portal';

const NAME = 'pricing-service';

/** Fills the form as a person does who leaves alone what is proposed. */
async function fillForm({ page }: Portal): Promise<void> {
  const field = (name: RegExp) => page.getByRole('textbox', { name });
  await field(/^Name/).fill(NAME);
  await page.getByLabel(/^Owner/).fill('Deals');
  await page.getByRole('option', { name: 'Deals' }).click();
  await field(/^What it does/).fill('Says what a car costs');
  await field(/^Container image/).fill('ghcr.io/autolytiq/pricing:v1.0.0');
  await page.getByLabel(/^Port/).fill('8090');
  await page.getByRole('button', { name: 'Next' }).click();

  expect(await field(/^Cluster/).inputValue()).toBe('demo');
  expect(await field(/^Namespace/).inputValue()).toBe('autolytiq');
  await page.getByRole('button', { name: 'Review' }).click();
  await page.getByText('ghcr.io/autolytiq/pricing:v1.0.0').waitFor();
  await page.getByRole('button', { name: 'Create', exact: true }).click();
}

/** Watches the template run to its end; answers the link to the new page. */
async function waitForCreation({ page }: Portal): Promise<Locator> {
  await page.waitForURL(/\/create\/tasks\//);
  const link = page.getByRole('link', { name: 'Open its page' });
  const failure = page.getByText(/^(Input)?Error: /).first();
  await link.or(failure).waitFor({ timeout: 120_000 });
  expect(await failure.allInnerTexts()).toEqual([]);
  for (const step of ['Render account', 'Apply them', 'Give it a page']) {
    const done = page.getByRole('button', {
      name: new RegExp(`^${step}.* \\d+ seconds?$`),
    });
    expect(await done.count()).toBe(1);
  }
  await page
    .getByText('VirtualService autolytiq/pricing-service (created)')
    .first()
    .waitFor();
  return link;
}

async function seesLivePage(portal: Portal, link: Locator): Promise<void> {
  const began = Date.now();
  await link.click();
  await portal.page.waitForURL(
    /\/catalog\/default\/component\/pricing-service/,
  );
  const card = portal.section('Mesh');
  await eventually(async () => {
    const words = await card.innerText();
    expect(words).toContain(
      'pricing-service 2 ready · pricing-service-canary 1 ready',
    );
    expect(words).toMatch(/Requests\s+(?!0 )[\d.]+ req\/s/);
    expect(words).toMatch(/mTLS\s+100 %/);
  }, 60);
  report(
    `the page of the new service was live ${Math.round(
      (Date.now() - began) / 1000,
    )} s after it was opened`,
  );
  expect(await portal.verdict()).toMatch(/^All right: 2 rules/);
}

async function seesRoutes(portal: Portal): Promise<void> {
  await portal.openTab('Routes');
  const rule = portal.page
    .getByRole('list', { name: 'Rules' })
    .getByRole('listitem', { name: 'Rule 2' });
  await eventually(async () =>
    expect(await rule.innerText()).toMatch(
      /everything else.*100 %.*stable of pricing-service\s+2 pods\s+[\d.]+ % errors/s,
    ),
  );
}

async function seesMtls(portal: Portal): Promise<void> {
  const { page } = portal;
  await portal.openTab('mTLS');
  await page
    .getByText(/^STRICT on port 8090 \(http\) of pricing-service\b/)
    .waitFor();
  const caller = page
    .getByRole('table', { name: 'Callers' })
    .getByRole('row', { name: 'api-gateway' });
  await eventually(async () =>
    expect(await caller.innerText()).toMatch(
      /(?!0 )[\d.]+ req\/s\s+yes.*pricing-service-policy, rule 1/s,
    ),
  );
}

async function seesTraces(portal: Portal): Promise<void> {
  const { page } = portal;
  await portal.openTab('Traces');
  const found = page.getByRole('table', { name: 'Traces found' });
  await eventually(
    async () =>
      expect(await found.getByRole('link').count()).toBeGreaterThan(0),
    60,
  );
  await found.getByRole('link').first().click();
  await page
    .getByRole('row', { name: /^pricing-service,/ })
    .first()
    .waitFor();
}

async function seesCanary(portal: Portal): Promise<void> {
  await portal.openTab('Canary');
  const versions = portal.page.getByRole('table', { name: 'Versions' });
  await eventually(async () =>
    expect(await versions.innerText()).toMatch(
      /Weight\s+100 %.*0 %.*Pods\s+2 ready\s+1 ready\s+Requests\s+(?!0 )[\d.]+ req\/s/s,
    ),
  );
  // The guest's team owns it, so the guest may give the canary traffic.
  const editor = portal.section('Move traffic');
  expect(
    await editor.getByRole('radio', { name: '10 %', exact: true }).isEnabled(),
  ).toBe(true);
}

const BROUGHT = `Brought ${NAME} into the mesh: 8 objects.`;

/** What the template did is a change like any other: its undo says who is cut off, and leaves nothing. */
async function takesItBack(portal: Portal): Promise<void> {
  const { page } = portal;
  portal.provokes(/404/);
  await portal
    .section('Changes')
    .getByRole('button', { name: `Undo: ${BROUGHT}`, exact: true })
    .click();
  const preview = await previewOf(portal);
  await preview
    .getByText(/api-gateway .*: the Service goes, so nothing answers any more/)
    .waitFor();
  await portal.photograph('undo of onboarding');
  expect(await applyPreview(portal, 'it was a trial')).toBe(
    `Taken back: ${BROUGHT}`,
  );
  // Its page goes with its Service, and may ask for it before it knows.
  await eventually(async () => {
    await portal.visit(`/catalog/default/component/${NAME}`);
    expect(await page.getByText('is not there').count()).toBe(0);
    expect(await page.locator('main').innerText()).not.toContain('req/s');
  }, 60);
}

describe('a new service', () => {
  onPortal(
    'comes into the mesh with the template, its page comes to life, and it is taken back from there',
    async portal => {
      const { page } = portal;
      await portal.visit('/create');
      await page.getByText('Bring a service into the mesh').waitFor();
      await page.getByRole('button', { name: 'Choose' }).click();
      await fillForm(portal);
      const link = await waitForCreation(portal);
      await seesLivePage(portal, link);
      await seesRoutes(portal);
      await seesMtls(portal);
      await seesTraces(portal);
      await seesCanary(portal);
      await takesItBack(portal);
    },
    300,
  );
});
